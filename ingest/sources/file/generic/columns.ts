/** Columns of the generic profile. `docs/import.md` describes them. */
export const genericColumns = [
  "order_id",
  "item",
  "opened_at",
  "date",
  "time",
  "unit_price",
  "gross",
  "qty",
  "discount",
  "tax",
  "tax_mode",
  "line_id",
  "item_id",
  "category",
  "channel",
  "payment_method",
  "tip",
  "order_total",
  "paid_at",
  "closed_at",
  "status",
  "kind",
  "business_date",
  "currency",
  "guests",
  "receipt_number",
  "register_id",
  "version",
] as const;
export type GenericColumn = (typeof genericColumns)[number];

/** Columns with amounts or units, which tell the decimal mark of a file. */
export const numberColumns = [
  "unit_price",
  "gross",
  "qty",
  "discount",
  "tax",
  "tip",
  "order_total",
] as const;

/** Columns that a header must have. */
export const neededColumns = ["order_id", "item"] as const;
