import type { Logger } from "@tillcast/core";
import type { EventLog } from "@tillcast/event-log";
import { factsOf, loadFeedRows } from "@tillcast/stream-processors";
import type { Pool } from "pg";
import { describeDifferences } from "../balance/balance.ts";
import { type Balance, loadBalance } from "../balance/load-balance.ts";
import { describeSilence, intakeSilence } from "./intake-silence.ts";
import { describeLate } from "./late-orders.ts";
import { loadLags, type PartitionLag } from "./load-lags.ts";

/** From when on what is late or silent is told. */
export interface LookLimits {
  readonly WATCH_LATE_AFTER_MS: number;
  readonly WATCH_INTAKE_SILENT_AFTER_MS: number;
}

/** How it stands with the orders on their way through; each fault in words, or undefined. */
export interface Look {
  readonly balance: Balance;
  readonly lags: readonly PartitionLag[];
  readonly feedsExpected: number;
  readonly uneven: readonly string[];
  readonly late: string | undefined;
  readonly silent: string | undefined;
  readonly inConflict: string | undefined;
}

/** Reads once, from the tables and the log, whether orders balance, are settled in time and come in. */
export async function takeLook(
  deps: { readonly pool: Pool; readonly eventLog: EventLog; readonly log: Logger },
  limits: LookLimits,
  nowMs: number,
): Promise<Look> {
  const { pool, eventLog, log } = deps;
  const balance = await loadBalance(pool, eventLog);
  const lags = await loadLags(pool, eventLog);
  const facts = (await loadFeedRows(pool)).map((row) => factsOf(row, nowMs, log));
  const silence = intakeSilence(facts, nowMs, limits.WATCH_INTAKE_SILENT_AFTER_MS);
  return {
    balance,
    lags,
    feedsExpected: silence.expected,
    uneven: describeDifferences(balance.partitions),
    late: describeLate(lags, nowMs, limits.WATCH_LATE_AFTER_MS),
    inConflict: describeConflicts(balance.nameConflicts),
    silent: silence.isSilent ? describeSilence(silence) : undefined,
  };
}

const describeConflicts = (count: bigint): string | undefined =>
  count === 0n
    ? undefined
    : `${count} orders bear the number of another and are not counted until that is decided`;
