import type { Bill } from "./bill.ts";
import type { Random } from "./random.ts";
import { settleBill, type Tender } from "./settle-bill.ts";
import type { StoreProfile } from "./store-profile.ts";
import type { Trouble } from "./trouble.ts";

/** The order whose life is generated. */
export interface StoryRequest {
  readonly profile: StoreProfile;
  readonly seed: number;
  readonly accountId: string;
  readonly trouble: Trouble;
  readonly businessDate: string;
  /** The number of the order within its business date, from 1. */
  readonly number: number;
  readonly openedMs: number;
  /** When the last guests must pay. */
  readonly lastCallMs: number;
}

/** The state while a life is generated. */
export interface Telling {
  readonly request: StoryRequest;
  readonly random: Random;
  readonly bill: Bill;
  readonly tenders: readonly Tender[];
  /** Start of the next business day. */
  readonly dayEndMs: number;
  /** Adds a picture of the order at this instant. */
  take(atMs: number): void;
}

/** Pays the bill and adds a picture of it as closed. */
export function closeBill({ bill, tenders, take }: Telling, closedMs: number): void {
  bill.status = "closed";
  bill.closedMs = closedMs;
  settleBill(bill, tenders);
  take(closedMs);
}
