/**
 * Columns that `verify` does not compare, by table, with the reason. A test damages every other column of these tables
 * in turn and expects verify to report the row. A new column must be compared or listed here.
 */
export const uncomparedColumns: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  order_head: {},
  ledger_entry: {},
  rollup_15m: { seq: "the store's version at the last change; nobody reads it back" },
  rollup_hour: { seq: "as in rollup_15m" },
  rollup_day: { seq: "as in rollup_15m" },
  item_sales: {},
  tender_day: {},
  open_sales: {},
  store_sequence: {
    seq: "readers only ask whether it has moved since they looked; only a negative one is wrong",
    forecast_seq: "as seq, of forecasts",
    alert_seq: "as seq, of alerts",
    feed_seq: "as seq, of feeds",
  },
};
