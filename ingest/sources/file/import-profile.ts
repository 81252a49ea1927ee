import type { OrderPushInput } from "@tillcast/schemas";
import type { DecimalMark } from "./text/money-text.ts";
import type { Encoding } from "./text/read-text.ts";
import type { DateOrder } from "./text/time-text.ts";

/** How files are read where a person said so; what is not said is found in the files. */
export interface SaidOfFiles {
  readonly encoding?: Encoding | undefined;
  readonly decimal?: DecimalMark | undefined;
  readonly dates?: DateOrder | undefined;
  /** Milliseconds since midnight of days without a time. */
  readonly timeOfDayMs?: number | undefined;
}

/** What a profile needs to know of the store that the files belong to. */
export interface ImportContext {
  readonly timeZone: string;
  readonly currency: string;
  /** Digits of the currency's minor unit. */
  readonly exponent: number;
  readonly said?: SaidOfFiles;
}

/** A bad row: where it is, what is wrong with it, and the order that it spoils. */
export interface RowFault {
  readonly kind: "fault";
  readonly file: string;
  /** Counted from 1 with the header; null for a fault of the whole file. */
  readonly line: number | null;
  readonly column: string;
  readonly reason: string;
  /** Null where the row belongs to no order that can be named. */
  readonly orderId: string | null;
}

/** Something that a person should know of a row and that rejects no order. */
export interface RowNote {
  readonly kind: "note";
  readonly file: string;
  readonly line: number;
  readonly orderId: null;
  readonly reason: string;
}

type LineInput = NonNullable<OrderPushInput["lines"]>[number];
type OrderInput = Omit<OrderPushInput, "orderId" | "lines" | "version">;

/** What a row says of its whole order; a cell left blank says nothing. */
export type OrderSaid = Partial<OrderInput>;

/** A good row: one line of one order, and what the row says of the whole order. */
export interface OrderRow {
  readonly kind: "row";
  readonly path: string;
  readonly file: string;
  readonly line: number;
  readonly orderId: string;
  /** Every row of one order that says a field must say the same. */
  readonly order: OrderSaid;
  /** Default `0`. */
  readonly vendorVersion?: string;
  /** One tender for the whole order, by this method. */
  readonly paymentMethod?: string;
  /** Minor units as text; default none. */
  readonly tip?: string;
  /** What the bill says in all, with tax and without tips, in minor units as text. */
  readonly total?: string;
  /** True for a line that goes back over the counter; its amounts and units have no sign. */
  readonly isTakenBack?: boolean;
  /**
   * Without a key the rows are numbered in the order they come. `tax` may have decimals of a minor unit: it is
   * rounded on the whole order.
   */
  readonly item: Omit<LineInput, "key" | "tax"> & { readonly key?: string; readonly tax?: string };
}

/** An order that a file announces and whose rows stand elsewhere. */
export interface AnnouncedOrder {
  readonly orderId: string;
  readonly file: string;
  readonly line: number;
}

/** Files that a profile has looked into. */
export interface OpenedImport {
  /** Bad rows that were found in small files, such as a price list. */
  readonly faults: readonly RowFault[];
  /** Orders that must have rows. */
  readonly announced: Iterable<AnnouncedOrder>;
  /** How the files were read, where that is not plain from `docs/import.md`. */
  readonly notes?: readonly string[];
  /** Bytes that one walk over the rows reads. */
  readonly bytes: number;
  /** Walks over the rows, good and bad; may be called again and yields the same. */
  rows(onBytes?: (bytes: number) => void): AsyncIterable<OrderRow | RowFault | RowNote>;
}

/** How files of one kind are read. A new profile is a new file in `profiles/`, as its default export. */
export interface ImportProfile {
  readonly name: string;
  /** A sentence for `--help`. */
  readonly description: string;
  open(files: readonly string[], context: ImportContext): Promise<OpenedImport>;
}
