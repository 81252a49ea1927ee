import type { OrderPushInput } from "@tillcast/schemas";

/** What a profile needs to know of the store that the files belong to. */
export interface ImportContext {
  readonly timeZone: string;
  readonly currency: string;
  /** Digits of the currency's minor unit. */
  readonly exponent: number;
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

type LineInput = NonNullable<OrderPushInput["lines"]>[number];
type OrderInput = Omit<OrderPushInput, "orderId" | "lines" | "version">;

/** A good row: one line of one order, and what the row says of the whole order. */
export interface OrderRow {
  readonly kind: "row";
  readonly file: string;
  readonly line: number;
  readonly orderId: string;
  /** Fields of the order; every row of one order must say the same. */
  readonly order: OrderInput;
  readonly vendorVersion: string;
  /** One tender for the whole order, by this method. */
  readonly paymentMethod: string | null;
  /** Minor units as text. */
  readonly tip: string;
  /** Without a key the rows are numbered in the order they come. */
  readonly item: Omit<LineInput, "key"> & { readonly key?: string };
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
  /** Bytes that one walk over the rows reads. */
  readonly bytes: number;
  /** Walks over the rows, good and bad; may be called again and yields the same. */
  rows(onBytes?: (bytes: number) => void): AsyncIterable<OrderRow | RowFault>;
}

/** How files of one kind are read. A new profile is a new file in `profiles/`, as its default export. */
export interface ImportProfile {
  readonly name: string;
  /** A sentence for `--help`. */
  readonly description: string;
  open(files: readonly string[], context: ImportContext): Promise<OpenedImport>;
}
