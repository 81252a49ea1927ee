import type { Bill } from "./bill.ts";
import type { Random } from "./random.ts";
import { settleBill, type Tender } from "./settle-bill.ts";
import type { StoreProfile } from "./store-profile.ts";
import type { Trouble } from "./trouble.ts";

/** Which order to tell the life of. */
export interface StoryRequest {
  readonly profile: StoreProfile;
  readonly seed: number;
  readonly accountId: string;
  readonly trouble: Trouble;
  readonly businessDate: string;
  /** Number of the order within its business date, from 1. */
  readonly number: number;
  readonly openedMs: number;
  /** When the last guests are asked to pay. */
  readonly lastCallMs: number;
}

/** What is known while a story is told. */
export interface Telling {
  readonly request: StoryRequest;
  readonly random: Random;
  readonly bill: Bill;
  readonly tenders: readonly Tender[];
  /** Start of the next business day. */
  readonly dayEndMs: number;
  /** Adds the picture of this instant. */
  take(atMs: number): void;
}

/** Settles the bill and tells that it is closed. */
export function closeBill({ bill, tenders, take }: Telling, closedMs: number): void {
  bill.status = "closed";
  bill.closedMs = closedMs;
  settleBill(bill, tenders);
  take(closedMs);
}
