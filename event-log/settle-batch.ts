/**
 * Settles one batch. Passing errors are retried for as long as the member owns the partition. A record that
 * fails the same way each time is found by halving the batch, and set aside.
 */

import { findAppError } from "@tillcast/core";
import type { LogBatch, LogRecord } from "./port.ts";
import type { SetAsideLimit } from "./set-aside-limit.ts";

/** How settling ended: done, the checkpoint is somewhere else, or the member stopped. */
export type SettleOutcome = "settled" | "checkpointMoved" | "stopped";

export interface SettleDeps {
  /** The reader's own work on a batch. */
  readonly settle: (batch: LogBatch) => Promise<void>;
  /** Stores a record as a dead letter and moves the checkpoint past it, in one transaction. */
  readonly setAside: (letter: PoisonRecord) => Promise<void>;
  /** Limits how many of the last records are set aside. */
  readonly setAsideLimit: SetAsideLimit;
  /** Waits before the retry that follows attempt 0, 1, 2, ... */
  readonly pauseBeforeRetry: (attempt: number, fault: unknown) => Promise<void>;
  /** True when the member stops. Records that are not settled then are read again, here or elsewhere. */
  readonly isStopping: () => boolean;
}

/** One record that can never be settled. */
export interface PoisonRecord {
  readonly record: LogRecord;
  readonly reason: string;
  readonly position: bigint;
  readonly nextPosition: bigint;
}

/** After these errors the checkpoint must be loaded again. */
const movedCodes: ReadonlySet<string> = new Set(["checkpointMoved", "topicChanged"]);

/** Settles a batch. Resolves with how it ended, and never rejects. */
export async function settleBatch(deps: SettleDeps, batch: LogBatch): Promise<SettleOutcome> {
  for (let attempt = 0; ; attempt += 1) {
    const fault = await faultOf(() => deps.settle(batch));
    if (fault === undefined) {
      deps.setAsideLimit.settled(batch.records.length);
      return "settled";
    }
    if (deps.isStopping()) return "stopped";
    const known = findAppError(fault.error);
    if (known !== undefined && movedCodes.has(known.code)) return "checkpointMoved";
    if (known?.deterministic === true) return isolatePoison(deps, batch, reasonOf(known));
    await deps.pauseBeforeRetry(attempt, fault.error);
    if (deps.isStopping()) return "stopped";
  }
}

async function isolatePoison(
  deps: SettleDeps,
  batch: LogBatch,
  reason: string,
): Promise<SettleOutcome> {
  const only = batch.records.length === 1 ? batch.records[0] : undefined;
  if (only !== undefined) return setAside(deps, batch, only, reason);
  const [before, after] = halve(batch);
  const outcome = await settleBatch(deps, before);
  return outcome === "settled" ? settleBatch(deps, after) : outcome;
}

async function setAside(
  deps: SettleDeps,
  batch: LogBatch,
  record: LogRecord,
  reason: string,
): Promise<SettleOutcome> {
  const { position, nextPosition } = batch;
  for (let attempt = 0; ; attempt += 1) {
    const fault = await faultOf(async () => {
      const full = deps.setAsideLimit.refusal({ ...batch, reason });
      if (full !== undefined) throw full;
      await deps.setAside({ record, reason, position, nextPosition });
    });
    if (fault === undefined) {
      deps.setAsideLimit.setAside();
      return "settled";
    }
    if (movedCodes.has(findAppError(fault.error)?.code ?? "")) return "checkpointMoved";
    if (deps.isStopping()) return "stopped";
    await deps.pauseBeforeRetry(attempt, fault.error);
    if (deps.isStopping()) return "stopped";
  }
}

function halve(batch: LogBatch): readonly [LogBatch, LogBatch] {
  const middle = Math.ceil(batch.records.length / 2);
  const before = batch.records.slice(0, middle);
  const after = batch.records.slice(middle);
  // Offsets on Kafka have gaps: the first half ends where the second begins.
  const boundary = after[0]?.offset ?? batch.nextPosition;
  return [
    { ...batch, records: before, nextPosition: boundary },
    { ...batch, records: after, position: boundary },
  ];
}

async function faultOf(work: () => Promise<void>): Promise<{ error: unknown } | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return { error };
  }
}

function reasonOf(error: { readonly code: string; readonly message: string }): string {
  return `${error.code}: ${error.message}`;
}
