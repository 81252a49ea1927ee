import { failPoint } from "@tillcast/core";
import { inOneWrite, type Transaction } from "@tillcast/core/database";
import type { OpenSales } from "@tillcast/schemas";
import type { FoldedBatch } from "./fold/fold-orders.ts";
import { at } from "./fold/measure-vector.ts";
import type { Posted } from "./fold/posted.ts";
import { type RollupChanges, rollupChanges } from "./fold/rollup-changes.ts";
import { addToHours, type TouchedWindows } from "./store/add-to-hours.ts";
import { loadKnownHours } from "./store/known-hours.ts";
import { postLedger } from "./store/ledger-entries.ts";
import { saveNameConflicts } from "./store/name-conflicts.ts";
import { saveHeads } from "./store/order-heads.ts";
import { addToRows } from "./store/rollups.ts";
import { addToOpen, addToTenders, loadOpen } from "./store/side-rollups.ts";
import { makeStampOf, stamped } from "./store/stamped.ts";
import { advanceSequences, type StoreStamp } from "./store/store-sequences.ts";

/** What a settled batch changed, for those who publish it. */
export interface SettledBatch {
  readonly stamps: ReadonlyMap<string, StoreStamp>;
  readonly windows: TouchedWindows;
  readonly open: ReadonlyMap<string, readonly OpenSales[]>;
  /** Latest receive time per store among the orders that changed something. */
  readonly receivedAt: ReadonlyMap<string, number>;
  readonly orders: number;
  readonly unchanged: number;
  readonly conflicts: number;
  /** Pictures that were parked, since they did not fit the order known under their name. */
  readonly nameConflicts: number;
  /** Orders with an amount that their parts do not explain. */
  readonly unreconciled: number;
}

interface PostOptions {
  readonly wholeFromMs: number;
  /** Moves the checkpoints, along with the last statements. */
  readonly advance: () => Promise<unknown>;
}

/**
 * Writes a folded batch to the tables; the part that live processing, replay and refold share. Of windows
 * that start before `wholeFromMs` only the business dates are told.
 */
export async function postFolded(
  tx: Transaction,
  folded: FoldedBatch,
  { wholeFromMs, advance }: PostOptions,
): Promise<SettledBatch> {
  const { stores, unchanged, conflicts } = folded;
  const { nameConflicts } = folded;
  const counts = {
    orders: folded.heads.length,
    unchanged,
    conflicts,
    nameConflicts: nameConflicts.length,
    unreconciled: folded.added.filter(hasUnreconciled).length,
  };
  if (stores.size === 0) {
    await inOneWrite(tx, () => [saveNameConflicts(tx, nameConflicts), advance()]);
    const windows = { whole: [], earlierDates: new Map() };
    return { ...counts, stamps: new Map(), windows, open: new Map(), receivedAt: new Map() };
  }
  const changes = rollupChanges(folded);
  // Sent one behind the other without waiting; the connection keeps their order.
  const [, stamps, , known] = await inOneWrite(tx, () => [
    saveHeads(tx, folded.heads),
    advanceSequences(tx, stores),
    postLedger(tx, folded.entries),
    loadKnownHours(tx, changes.byHour),
    saveNameConflicts(tx, nameConflicts),
  ]);
  const stampOf = makeStampOf(stamps);
  await failPoint("ledger.midBatch");
  const [windows, , , , open] = await inOneWrite(tx, () => [
    addToHours(tx, changes.byHour, known, stampOf, wholeFromMs),
    ...addToDays(tx, changes, stampOf),
    loadOpen(tx, [...stores.keys()]),
    advance(),
  ]);
  await failPoint("ledger.beforeCommit");
  return { ...counts, stamps, windows, open, receivedAt: latestReceived(folded) };
}

/** Adds postings to every rollup, and leaves heads and ledger as they are: what a restored database lacks. */
export async function addRollups(
  tx: Transaction,
  changes: RollupChanges,
  stores: ReadonlyMap<string, string>,
): Promise<void> {
  const stampOf = makeStampOf(await advanceSequences(tx, stores));
  const known = await loadKnownHours(tx, changes.byHour);
  await inOneWrite(tx, () => [
    addToHours(tx, changes.byHour, known, stampOf, Number.POSITIVE_INFINITY),
    ...addToDays(tx, changes, stampOf),
  ]);
}

const addToDays = (
  tx: Transaction,
  changes: RollupChanges,
  stampOf: ReturnType<typeof makeStampOf>,
) =>
  [
    addToRows(tx, "rollup_day", stamped(changes.days, stampOf)),
    addToTenders(tx, stamped(changes.tenders, stampOf)),
    addToOpen(tx, stamped(changes.open, stampOf)),
  ] as const;

const hasUnreconciled = ({ entries }: Posted): boolean =>
  entries.some(({ values }) => values[at.unreconciled] !== 0n);

function latestReceived(folded: FoldedBatch): Map<string, number> {
  const latest = new Map<string, number>();
  for (const { order } of folded.heads) {
    latest.set(order.storeId, Math.max(order.receivedAt, latest.get(order.storeId) ?? 0));
  }
  return latest;
}
