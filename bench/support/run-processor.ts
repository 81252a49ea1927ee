/**
 * One ledger processor in a process of its own. Settles what the log holds and says what it took; with
 * `follow` as second argument it goes on settling until its parent lets go of it.
 */
import { once } from "node:events";
import { makeLogger, openScope, readSettings, systemClock } from "@tillcast/core";
import { LEDGER_GROUP, topics } from "@tillcast/schemas";
import { startLedgerProcessor, streamProcessorSettings } from "@tillcast/stream-processors";
import { boundHeap } from "../../cli/runtime/bound-heap.ts";
import { joinInstallation } from "./bench-installation.ts";

boundHeap();
const url = process.argv[2] ?? "";
const log = makeLogger({ level: "error", name: "bench" });
const scope = openScope();
const { database, eventLog, metrics } = await joinInstallation(scope, { url, env: {}, log });
const settings = readSettings(streamProcessorSettings, process.env);
await database.service.query("select 1");
const before = process.cpuUsage();
const startedAt = performance.now();
const processor = await startLedgerProcessor({
  database,
  eventLog,
  clock: systemClock,
  log,
  metrics,
  settings,
});
if (process.argv[3] === "follow") {
  process.send?.("ready");
  await once(process, "disconnect");
  process.exit(0);
}
for (;;) {
  const lags = await eventLog.lag(topics.orders.topic, LEDGER_GROUP);
  if (lags.length > 0 && lags.every((lag) => lag.lagRecords === 0n)) break;
  await new Promise((resolve) => setTimeout(resolve, 50));
}
const seconds = (performance.now() - startedAt) / 1_000;
const { user, system } = process.cpuUsage(before);
const memoryMb = process.resourceUsage().maxRSS / 1_024;
process.stdout.write(
  `${JSON.stringify({ seconds, nodeCpuSeconds: (user + system) / 1e6, memoryMb })}\n`,
);
await processor.stop();
await scope.close();
