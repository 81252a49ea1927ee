import { appError } from "@tillcast/core";
import type { EventLog, Position } from "@tillcast/event-log";

/** How often positions are checked. Settling takes seconds. */
export const SETTLE_POLL_MS = 50;
/** How long positions may stand still before the wait ends. A take-over of partitions takes 10 s. */
export const SETTLE_STALL_MAX_MS = 60_000;

export interface Awaited {
  readonly topic: string;
  readonly group: string;
  /** The last position appended to each partition. */
  readonly positions: readonly Position[];
  readonly onProgress?: (settledShare: number) => void;
  readonly signal?: AbortSignal | undefined;
  /** Default `SETTLE_STALL_MAX_MS`. */
  readonly stallMaxMs?: number;
}

/**
 * Resolves when a group has settled everything up to the given positions. Throws if it makes no progress for a
 * long time, which means that no processor runs.
 */
export async function waitUntilSettled(eventLog: EventLog, awaited: Awaited): Promise<void> {
  const last = new Map(awaited.positions.map(({ partition, offset }) => [partition, offset]));
  if (last.size === 0) return;
  const stallMaxMs = awaited.stallMaxMs ?? SETTLE_STALL_MAX_MS;
  let movedAt = performance.now();
  let leftBefore: bigint | undefined;
  let leftAtFirst: bigint | undefined;
  for (;;) {
    awaited.signal?.throwIfAborted();
    const left = await recordsLeft(eventLog, awaited, last);
    if (left === 0n) return;
    leftAtFirst ??= left;
    awaited.onProgress?.(1 - Number(left) / Number(leftAtFirst));
    if (left !== leftBefore) movedAt = performance.now();
    else if (performance.now() - movedAt > stallMaxMs) {
      throw appError("internal", {
        reason: `${left} orders of ${awaited.topic} are appended and not counted yet; is a ledger processor running?`,
      });
    }
    leftBefore = left;
    await new Promise((resolve) => setTimeout(resolve, SETTLE_POLL_MS));
  }
}

async function recordsLeft(
  eventLog: EventLog,
  awaited: Awaited,
  last: ReadonlyMap<number, bigint>,
): Promise<bigint> {
  const lags = await eventLog.lag(awaited.topic, awaited.group);
  const positions = new Map(lags.map(({ partition, position }) => [partition, position]));
  let left = 0n;
  for (const [partition, offset] of last) {
    const behind = offset + 1n - (positions.get(partition) ?? 0n);
    if (behind > 0n) left += behind;
  }
  return left;
}
