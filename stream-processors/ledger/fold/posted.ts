import {
  type AvroCodec,
  instantMs,
  int,
  isoDate,
  long,
  makeAvroCodec,
  minor,
  named,
} from "@tillcast/schemas";
import { z } from "zod";

/**
 * Rises when the fold's arithmetic changes. Heads keep the revision that posted them, and the difference
 * to a later version is taken from what was posted, never recomputed by newer code. 2: a refund takes back
 * what it names, and no more than is left of it.
 */
export const FOLD_REVISION = 2;

/** What an order put into the ledger at one instant. */
const PostedEntry = named(
  "PostedEntry",
  z.object({
    countedAt: instantMs,
    businessDate: isoDate,
    /** Start of the local hour that holds `countedAt`. */
    hourStart: instantMs,
    occurredAt: instantMs,
    values: z.array(minor),
  }),
);

const PostedItem = named(
  "PostedItem",
  z.object({
    businessDate: isoDate,
    hourStart: instantMs,
    itemKey: z.string(),
    quantity: minor,
    gross: minor,
    net: minor,
  }),
);

const PostedTender = named(
  "PostedTender",
  z.object({
    businessDate: isoDate,
    method: z.string(),
    amount: minor,
    tip: minor,
    refunded: minor,
    payments: long,
  }),
);

/** Everything one order version contributes to ledger and rollups. */
export const PostedV1 = named(
  "PostedV1",
  z.object({
    storeId: z.string(),
    /**
     * The channel's place in `orderChannels`, as the tables store it. A number, so that a release takes back
     * from the right row what a later one posted under a channel that it does not know. The bytes are those of
     * the enum that stood here before.
     */
    channel: int,
    currency: z.string(),
    entries: z.array(PostedEntry),
    items: z.array(PostedItem),
    tenders: z.array(PostedTender),
    /** Net of what is ordered and unpaid; null when nothing is. */
    open: minor.nullable(),
  }),
);

export type Posted = z.output<typeof PostedV1>;
export type PostedEntry = z.output<typeof PostedEntry>;
export type PostedItem = z.output<typeof PostedItem>;
export type PostedTender = z.output<typeof PostedTender>;

/** How heads store it. */
export const postedCodec: AvroCodec<Posted> = makeAvroCodec(PostedV1);
