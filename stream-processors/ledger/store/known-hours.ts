import {
  columnStatement,
  dateColumn,
  int4Column,
  runColumns,
  type Transaction,
  timestamptzColumn,
  uuidColumn,
} from "@tillcast/core/database";
import { type HourChanges, windowSpan } from "../fold/rollup-changes.ts";

/** Which tiers have rows of an hour already. */
export interface KnownHour {
  readonly windows: boolean;
  readonly hours: boolean;
  readonly items: boolean;
}

interface NumberedHour {
  readonly place: number;
  readonly changes: HourChanges;
}

const ofHour = "r.store_id = source.store_id and r.business_date = source.business_date";

// Ranges even where one hour is meant: equal signs alone let the planner read a whole table into a hash
// once for all rows, which it chooses while the table is empty and keeps to when it is large.
const selectKnown = columnStatement<NumberedHour>(
  "ledger-select-known-hours",
  {
    place: int4Column(({ place }) => place),
    store_id: uuidColumn(({ changes }) => changes.hour.storeId),
    business_date: dateColumn(({ changes }) => changes.hour.businessDate),
    hour_start: timestamptzColumn(({ changes }) => changes.hour.start),
    window_from: timestamptzColumn(({ changes }) => windowSpan(changes).from),
    window_to: timestamptzColumn(({ changes }) => windowSpan(changes).to),
  },
  (hours) => `
    select place,
           exists (select from rollup_15m r where ${ofHour}
                   and r.window_start between source.window_from and source.window_to) as windows,
           exists (select from rollup_hour r where ${ofHour}
                   and r.window_start between source.hour_start and source.hour_start) as hours,
           exists (select from item_sales r where ${ofHour}
                   and r.hour_start between source.hour_start and source.hour_start) as items
    from ${hours}`,
);

/**
 * Below this many rows, looking first costs more than it saves; a live batch adds to hours that are there.
 */
const rowsWorthLooking = 100;

const everythingKnown: KnownHour = { windows: true, hours: true, items: true };

/**
 * Asks which hours have rows already, so that the rows of new hours are inserted as they are: catching
 * up, most are new, and an upsert's trial insert costs 2 µs a row more. True as long as the stores'
 * sequences are locked, since nobody else adds rows meanwhile.
 */
export async function loadKnownHours(
  tx: Transaction,
  byHour: readonly HourChanges[],
): Promise<KnownHour[]> {
  const rowCount = byHour.reduce((sum, hour) => sum + hour.windows.length + hour.items.length, 0);
  if (rowCount < rowsWorthLooking) return byHour.map(() => everythingKnown);
  const numbered = byHour.map((changes, place) => ({ place, changes }));
  const { rows } = await runColumns<NumberedHour, KnownHour & { readonly place: number }>(
    tx,
    selectKnown,
    numbered,
  );
  const known: KnownHour[] = byHour.map(() => everythingKnown);
  for (const row of rows) known[row.place] = row;
  return known;
}
