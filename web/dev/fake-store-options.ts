import type {
  EntryRow,
  LiveFeed,
  LiveSnapshot,
  LiveWindows,
  OverviewRow,
} from "@tillcast/schemas/browser";

/** How a made-up store behaves, so that every face of the page can be looked at. */
export interface FakeStoreOptions {
  readonly storeId: string;
  readonly name: string;
  readonly timeZone: string;
  readonly currency: string;
  /** Net of an ordinary day, in minor units. */
  readonly dayNet: number;
  /** Today's sales against an ordinary day. */
  readonly level: number;
  readonly feedState: LiveFeed["state"];
  readonly hasForecast: boolean;
  readonly opensAt: number;
  readonly closesAt: number;
  /** How many times as large as usual orders are. */
  readonly orderSize?: number;
  /** Earlier days with sales, 14 being enough. */
  readonly daysKnown?: number;
  /** Bends what the store tells into something that none of the above can say. */
  readonly bend?: (snapshot: LiveSnapshot) => LiveSnapshot;
  readonly bendRow?: (row: OverviewRow) => OverviewRow;
  readonly bendEntries?: (entries: readonly EntryRow[]) => readonly EntryRow[];
}

/** One made-up store: its day so far, and orders as they come in. */
export interface FakeStore {
  readonly options: FakeStoreOptions;
  /** Of the present business day, or of one of the past; undefined for what is neither. */
  snapshot(now: number, date?: string): LiveSnapshot | undefined;
  /** Sells one order and tells the change. */
  sell(now: number): LiveWindows;
  isOpen(now: number): boolean;
  overviewRow(now: number): OverviewRow;
  entries(from: number, to: number, date?: string): readonly EntryRow[];
  /** The end of the business day that this store lives in. */
  readonly dayEnd: number;
}
