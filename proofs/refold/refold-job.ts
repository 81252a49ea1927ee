/** The job that refolds heads of an older fold while live orders are settled. */
import { setTimeout as pause } from "node:timers/promises";
import { enqueueJob, type Job, type JobKind } from "@tillcast/core/work";
import {
  currentFold,
  publishUntilDone,
  salesUpdates,
  wholeWindowAgeMaxMs,
} from "@tillcast/stream-processors/ledger";
import type { Pool } from "pg";
import type { ProofsDeps } from "../deps.ts";
import { refoldTables } from "./refold.ts";

/** The kind in the job table. */
export const refoldJobKind = "refold";

/** After each transaction the job pauses as long as the transaction took, so that live orders go first. */
const restShare = 1;

/** Queues the job for the whole installation. If one waits or runs, resolves with that one. */
export function requestRefold(pool: Pool): Promise<Job> {
  return enqueueJob(pool, { kind: refoldJobKind, dedupeKey: "all" });
}

/** Makes the kind. Its job continues where an interrupted run stopped. */
export const refoldKind = (deps: ProofsDeps): JobKind => ({
  name: refoldJobKind,
  atOnce: 1,
  run: refoldHandler(deps),
});

function refoldHandler(deps: ProofsDeps): JobKind["run"] {
  const { database, eventLog, clock, log, fold = currentFold } = deps;
  return async (_job, { progress, signal }) => {
    const { rows } = await database.service.query<{ count: string }>(
      "select count(*) from order_head",
    );
    const total = Math.max(1, Number(rows[0]?.count ?? 1));
    const done = { seen: 0, refolded: 0 };
    let startedAt = performance.now();
    const tell = () => `${done.refolded} of ${done.seen} orders posted anew`;
    await refoldTables(database.service, {
      fold,
      wholeFromMs: clock.now() - wholeWindowAgeMaxMs,
      signal,
      onSlice: async ({ seen, refolded, settled }) => {
        done.seen += seen;
        done.refolded += refolded;
        progress(Math.min(0.99, done.seen / total), tell());
        if (settled !== null) {
          await publishUntilDone(
            { eventLog, log },
            salesUpdates(settled, clock.now()),
            () => !signal.aborted,
          );
          await pause(restShare * (performance.now() - startedAt), undefined, { signal });
        }
        startedAt = performance.now();
      },
    });
    progress(1, tell());
  };
}
