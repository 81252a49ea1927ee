import { type LogKind, logKinds } from "../world/log-side.ts";

/** How long and on what a fault run goes. */
export interface RunSettings {
  readonly seeds: readonly number[];
  readonly logKinds: readonly LogKind[];
  /** How often each fault strikes, and how often something happens at each fail point, at least. */
  readonly rounds: number;
  /** Orders of one run, about. */
  readonly ordersCount: number;
  /** Names of faults; undefined is all. */
  readonly only: readonly string[] | undefined;
}

/** The short run: every kind of fault once. */
const short = { rounds: "1", orders: "3000" };

/** Reads the environment: absent variables make it the short run, with a seed of the moment. */
export function readRunSettings(env: NodeJS.ProcessEnv): RunSettings {
  const seeds = env.TILLCAST_FAULTS_SEEDS ?? String(Date.now() % 1_000_000);
  const wanted = env.TILLCAST_FAULTS_LOGS?.split(",");
  return {
    seeds: seeds.split(",").map(Number),
    logKinds: logKinds.filter((kind) => wanted?.includes(kind) ?? true),
    rounds: Number(env.TILLCAST_FAULTS_ROUNDS ?? short.rounds),
    ordersCount: Number(env.TILLCAST_FAULTS_ORDERS ?? short.orders),
    only: env.TILLCAST_FAULTS_ONLY?.split(","),
  };
}
