import { argv } from "node:process";

/**
 * Where a bench runs: on the embedded database with the log in it, or on Kafka, a schema registry and
 * TimescaleDB. `--world=stack` asks for the latter.
 */
export type World = "embedded" | "stack";

/** The world that the command line asks for. */
export const askedWorld = (): World => (argv.includes("--world=stack") ? "stack" : "embedded");

/** True where the command line names an option without a value: `--apart`. */
export const isAsked = (name: string): boolean => argv.includes(`--${name}`);

/** A number from the command line: `--orders=5000`. */
export function askedNumber(name: string, otherwise: number): number {
  const found = argv.find((argument) => argument.startsWith(`--${name}=`));
  return found === undefined ? otherwise : Number(found.slice(name.length + 3));
}
