import { z } from "zod";
import { growing, instantMs, long, named } from "../avro/annotations.ts";
import { type AvroCodec, makeAvroCodec } from "../avro/codec.ts";
import { IdText } from "../orders/order-push.ts";

/** One word for how fresh a feed is; rests on proof of life, never on gaps between orders. */
export const feedStates = ["live", "late", "unreachable", "unknown", "closed"] as const;
export type FeedState = (typeof feedStates)[number];

export const FeedChangedV1 = named(
  "FeedChangedV1",
  z.object({
    tenantId: z.string(),
    storeId: z.string(),
    feedKey: z.string(),
    state: growing("FeedState", z.enum(feedStates), "unknown"),
    since: instantMs,
    /** Last successful poll, heartbeat or delivery. */
    lastProofAt: instantMs.nullable(),
    /** Event time up to which the feed's data is believed complete. */
    watermark: instantMs.nullable(),
    /** The store's feeds version, assigned in the writer's transaction. */
    version: long,
  }),
);
export type FeedChanged = z.output<typeof FeedChangedV1>;

export const feedChangedCodec: AvroCodec<FeedChanged> = makeAvroCodec(FeedChangedV1, {
  frozen: "feed-changed-v1",
});

/** A till says that it is alive, whether or not it sold anything. */
export const HeartbeatPush = z.strictObject({
  source: z.string().min(1).max(32).default("push"),
  accountId: IdText.default("default"),
  locationId: IdText.optional(),
  storeId: z.uuid().optional(),
  /** Event time up to which everything was sent; default: when the heartbeat is received. */
  completeUntil: z.iso.datetime({ offset: true }).optional(),
});
