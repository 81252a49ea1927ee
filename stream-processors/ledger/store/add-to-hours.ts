import { inOneWrite, type Transaction } from "@tillcast/core/database";
import type { HourChanges, ItemChange, RollupChange } from "../fold/rollup-changes.ts";
import { addToItems, insertItems } from "./item-sales.ts";
import type { KnownHour } from "./known-hours.ts";
import { addToRows, addToWindows, insertRows, newWindow, type TouchedWindow } from "./rollups.ts";
import { type Stamped, type StampOf, stamped } from "./stamped.ts";

/** What was touched in the 15-minute tier. */
export interface TouchedWindows {
  /** Windows from the wanted instant on, whole. */
  readonly whole: readonly TouchedWindow[];
  /** Business dates of the earlier ones, by store. */
  readonly earlierDates: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * Adds a batch to the windows, the hours and the item sales: rows of new hours by a plain insert, the
 * others by an upsert. Windows that start before `wholeFromMs` are not read back.
 */
export async function addToHours(
  tx: Transaction,
  byHour: readonly HourChanges[],
  known: readonly KnownHour[],
  stampOf: StampOf,
  wholeFromMs: number,
): Promise<TouchedWindows> {
  const windows = { added: rowList(), whole: rowList(), earlier: rowList() };
  const hours = { added: rowList(), changed: rowList() };
  const items: Record<"added" | "changed", Stamped<ItemChange>[]> = { added: [], changed: [] };
  const earlierDates = new Map<string, Set<string>>();
  byHour.forEach((ofHour, place) => {
    const { storeId, businessDate } = ofHour.hour;
    for (const row of stamped(ofHour.windows, stampOf)) {
      const isWanted = row.change.start >= wholeFromMs;
      if (!isWanted) addDate(earlierDates, storeId, businessDate);
      if (known[place]?.windows === false) windows.added.push(row);
      else windows[isWanted ? "whole" : "earlier"].push(row);
    }
    const hourRows = known[place]?.hours === false ? hours.added : hours.changed;
    hourRows.push(...stamped(ofHour.hours, stampOf));
    const itemRows = known[place]?.items === false ? items.added : items.changed;
    itemRows.push(...stamped(ofHour.items, stampOf));
  });
  const [changed] = await inOneWrite(tx, () => [
    addToWindows(tx, windows.whole),
    insertRows(tx, "rollup_15m", windows.added),
    addToRows(tx, "rollup_15m", windows.earlier),
    insertRows(tx, "rollup_hour", hours.added),
    addToRows(tx, "rollup_hour", hours.changed),
    insertItems(tx, items.added),
    addToItems(tx, items.changed),
  ]);
  const added = windows.added.filter(({ change }) => change.start >= wholeFromMs);
  return { whole: [...changed, ...added.map(newWindow)], earlierDates };
}

const rowList = (): Stamped<RollupChange>[] => [];

function addDate(dates: Map<string, Set<string>>, storeId: string, businessDate: string): void {
  const ofStore = dates.get(storeId);
  if (ofStore === undefined) dates.set(storeId, new Set([businessDate]));
  else ofStore.add(businessDate);
}
