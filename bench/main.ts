/** Runs the benches: `npm run bench`, or `npm run bench -- processor acceptance` for some of them. */
import { readdir } from "node:fs/promises";
import { openScope, type Scope } from "@tillcast/core";

const folder = new URL("./", import.meta.url);
const files = (await readdir(folder)).filter((name) => name.endsWith(".bench.ts")).sort();
const names = files.map((name) => name.replace(/\.bench\.ts$/, ""));
const asked = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const unknown = asked.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  process.stderr.write(
    `No bench is called ${unknown.join(", ")}; there are ${names.join(", ")}.\n`,
  );
  process.exit(2);
}
/** What the bench at work has opened: its servers must not outlive a run that somebody ends. */
let scope: Scope | undefined;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, async () => {
    await scope?.close();
    process.exit(1);
  });
}
for (const name of asked.length === 0 ? names : asked) {
  const bench = (await import(new URL(`${name}.bench.ts`, folder).href)) as {
    default: (scope: Scope) => Promise<Record<string, unknown>>;
  };
  process.stdout.write(`${name}\n`);
  scope = openScope();
  try {
    for (const [figure, value] of Object.entries(await bench.default(scope))) {
      process.stdout.write(`  ${figure.padEnd(44)} ${String(value)}\n`);
    }
  } finally {
    await scope.close();
  }
}
process.exit(0);
