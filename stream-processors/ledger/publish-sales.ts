import { headersOf, type Logger, type TraceContext } from "@tillcast/core";
import type { EventLog, NewRecord } from "@tillcast/event-log";
import { isMinorInRange, type SalesUpdated, salesUpdatedCodec, topics } from "@tillcast/schemas";
import type { SettledBatch } from "./post-folded.ts";
import type { StoreTraces } from "./trace-batch.ts";

/** Windows that started longer ago are announced by their date alone: a live screen does not show them. */
export const wholeWindowAgeMaxMs: number = 2 * 24 * 3_600_000;

/** One update per touched store, with its windows whole. Pure. */
export function salesUpdates(settled: SettledBatch, nowMs: number): SalesUpdated[] {
  const updates = new Map<string, SalesUpdated>();
  for (const [storeId, stamp] of settled.stamps) {
    updates.set(storeId, {
      tenantId: stamp.tenantId,
      storeId,
      epoch: stamp.epoch,
      prevSeq: Number(stamp.seq) - 1,
      seq: Number(stamp.seq),
      windows: [],
      open: [...(settled.open.get(storeId) ?? [])],
      daysChanged: [...(settled.windows.earlierDates.get(storeId) ?? [])].sort(),
      receivedAt: settled.receivedAt.get(storeId) ?? nowMs,
      versions: null,
    });
  }
  for (const { storeId, window } of settled.windows.whole) {
    updates.get(storeId)?.windows.push(window);
  }
  return [...updates.values()];
}

/**
 * Publishes updates of one batch, keyed by store so that a store's versions stay in order, and each with the
 * trace of an order that it is about, where there is one.
 */
export async function publishSales(
  eventLog: EventLog,
  updates: readonly SalesUpdated[],
  traces?: StoreTraces,
): Promise<void> {
  if (updates.length === 0) return;
  const records = updates.map((update) => salesRecord(update, traces?.get(update.storeId)));
  await eventLog.append(topics.sales.topic, records);
}

/** Pause before a publish is tried again. */
const publishRetryPauseMs = 200;

/** Publishes, and where that fails tries again for as long as `goesOn` says. Never rejects. */
export async function publishUntilDone(
  { eventLog, log }: { readonly eventLog: EventLog; readonly log: Logger },
  updates: readonly SalesUpdated[],
  goesOn: () => boolean,
  traces?: StoreTraces,
): Promise<void> {
  do {
    try {
      return await publishSales(eventLog, updates, traces);
    } catch (error) {
      // The tables hold the truth already; the announcer heals what is never published.
      log.warn({ err: error, stores: updates.length }, "sales not published");
      await new Promise((resolve) => setTimeout(resolve, publishRetryPauseMs));
    }
  } while (goesOn());
}

const salesRecord = (update: SalesUpdated, trace: TraceContext | undefined): NewRecord => ({
  key: update.storeId,
  value: isWithinRange(update)
    ? salesUpdatedCodec.encode(update)
    : salesUpdatedCodec.encode(versionAlone(update)),
  ...(trace && headersOf(trace)),
});

const isWithinRange = ({ windows, open }: SalesUpdated): boolean =>
  windows.every(({ values }) => values.every(isMinorInRange)) &&
  open.every(({ amount }) => isMinorInRange(amount));

/**
 * A sum may pass what a record holds exactly, while the tables still hold it. Then the update says only
 * where the store is, so that whoever follows it looks there; held back it would hold all that follows.
 */
const versionAlone = (update: SalesUpdated): SalesUpdated => ({
  ...update,
  prevSeq: update.seq,
  windows: [],
  open: [],
  daysChanged: [],
});
