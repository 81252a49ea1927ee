import type { Transaction } from "@tillcast/core/database";
import type { LiveCursor } from "@tillcast/schemas";
import { selectRows } from "./select-rows.ts";

interface CursorRow {
  readonly epoch: number;
  readonly seq: bigint;
  readonly forecast_seq: bigint;
  readonly alert_seq: bigint;
  readonly feed_seq: bigint;
}

const selectCursor = `
select
  epoch,
  seq,
  forecast_seq,
  alert_seq,
  feed_seq
from store_sequence
where store_id = $1`;

/** Where a store that nothing was ever written for is. */
const emptyCursor: LiveCursor = { epoch: 1, windows: 0, forecast: 0, alerts: 0, feeds: 0 };

/** The versions of a store as this transaction sees it. */
export async function loadCursor(tx: Transaction, storeId: string): Promise<LiveCursor> {
  const [row] = await selectRows<CursorRow>(tx, selectCursor, [storeId]);
  if (row === undefined) return emptyCursor;
  return {
    epoch: row.epoch,
    windows: Number(row.seq),
    forecast: Number(row.forecast_seq),
    alerts: Number(row.alert_seq),
    feeds: Number(row.feed_seq),
  };
}
