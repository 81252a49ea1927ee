import type { OrderPushInput } from "@tillcast/schemas";
import type { DecimalMark } from "./text/money-text.ts";
import type { Encoding } from "./text/read-text.ts";
import type { DateOrder } from "./text/time-text.ts";

/** How a person said that files are written. The rest is found in the files. */
export interface SaidOfFiles {
  readonly encoding?: Encoding | undefined;
  readonly decimal?: DecimalMark | undefined;
  readonly dates?: DateOrder | undefined;
  /** Milliseconds since midnight, for days without a time. */
  readonly timeOfDayMs?: number | undefined;
}

/** What a profile needs to know about the files' store. */
export interface ImportContext {
  readonly timeZone: string;
  readonly currency: string;
  /** Digits of the currency's minor unit. */
  readonly exponent: number;
  readonly said?: SaidOfFiles;
}

/** A bad row: where it is, what is wrong, and its order. */
export interface RowFault {
  readonly kind: "fault";
  readonly file: string;
  /** Counted from 1 with the header; null for a fault of the whole file. */
  readonly line: number | null;
  readonly column: string;
  readonly reason: string;
  /** Null if the row's order is unknown. */
  readonly orderId: string | null;
}

/** A note about a row that rejects no order. */
export interface RowNote {
  readonly kind: "note";
  readonly file: string;
  readonly line: number;
  readonly orderId: null;
  readonly reason: string;
}

type LineInput = NonNullable<OrderPushInput["lines"]>[number];
type OrderInput = Omit<OrderPushInput, "orderId" | "lines" | "version">;

/** The fields of the whole order in a row. Blank cells are absent. */
export type OrderSaid = Partial<OrderInput>;

/** A good row: one line of an order, and fields of the whole order. */
export interface OrderRow {
  readonly kind: "row";
  readonly path: string;
  readonly file: string;
  readonly line: number;
  readonly orderId: string;
  /** All rows of one order that have a field must agree on it. */
  readonly order: OrderSaid;
  /** Default `0`. */
  readonly vendorVersion?: string;
  /** One tender for the whole order, by this method. */
  readonly paymentMethod?: string;
  /** Minor units as text; default none. */
  readonly tip?: string;
  /** The bill's total with tax and without tips, in minor units as text. */
  readonly total?: string;
  /** True for a returned line. Its amounts and units have no sign. */
  readonly isTakenBack?: boolean;
  /**
   * Without a key, rows are numbered in their order. `tax` may have decimals of a minor unit, and is rounded once
   * per order.
   */
  readonly item: Omit<LineInput, "key" | "tax"> & { readonly key?: string; readonly tax?: string };
}

/** An order in one file whose rows are in another. */
export interface AnnouncedOrder {
  readonly orderId: string;
  readonly file: string;
  readonly line: number;
}

/** Files that a profile has opened. */
export interface OpenedImport {
  /** Bad rows in small files, such as a price list. */
  readonly faults: readonly RowFault[];
  /** Orders that must have rows. */
  readonly announced: Iterable<AnnouncedOrder>;
  /** Notes on how the files were read, beyond `docs/import.md`. */
  readonly notes?: readonly string[];
  /** Bytes of one pass over the rows. */
  readonly bytes: number;
  /** Reads all rows, good and bad. Each call yields the same rows. */
  rows(onBytes?: (bytes: number) => void): AsyncIterable<OrderRow | RowFault | RowNote>;
}

/** Reads files of one kind. A new profile is a new file in `profiles/`, with the profile as default export. */
export interface ImportProfile {
  readonly name: string;
  /** A sentence for `--help`. */
  readonly description: string;
  open(files: readonly string[], context: ImportContext): Promise<OpenedImport>;
}
