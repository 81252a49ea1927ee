/**
 * A member of a group in a process of its own, for tests that stop or kill it:
 * `node member-process.ts <url> <topic> <group> <lock session idle ms>`.
 * It prints one line for each settled batch: partition, position and next position.
 */

import { makeMetrics, silentLogger } from "@tillcast/core";
import { openDatabase } from "@tillcast/core/database";
import { openPostgresLog } from "../postgres/postgres-log.ts";
import { makeRecorder } from "./contract/recorder.ts";

const [url = "", topic = "", group = "", idleMs = ""] = process.argv.slice(2);
const database = openDatabase({ url, applicationName: "member" });
const log = await openPostgresLog({
  pool: database.service,
  url,
  log: silentLogger,
  metrics: makeMetrics(),
  limits: {
    assignIntervalMs: 100,
    lockSessionIdleMs: Number(idleMs),
    lockLeaseMs: Number(idleMs) * 0.7,
  },
});
const recorder = makeRecorder(database.service, group);
await log.subscribe({
  topic,
  group,
  limits: { batchMaxCount: 10, batchMaxBytes: 100_000, partitionsAtOnce: 4 },
  settle: async (batch) => {
    await recorder.settle(batch);
    console.log(`${batch.partition} ${batch.position} ${batch.nextPosition}`);
  },
});
