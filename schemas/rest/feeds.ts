import { z } from "zod";
import { isDate } from "../business-time/dates.ts";
import { isTimeZone } from "../business-time/zone.ts";
import { feedStates } from "../feeds/feed-changed.ts";
import { isCurrency } from "../money/currencies.ts";
import { ID_MAX_LENGTH } from "../orders/order-push.ts";
import { numberings, orderSources } from "../orders/order-words.ts";
import { JobView } from "./jobs.ts";

const instant = z.iso.datetime({ offset: true });
const date = z.string().refine(isDate, "must be a date YYYY-MM-DD");
const currency = z
  .string()
  .refine(isCurrency, "must be an ISO 4217 currency in capitals, such as EUR");
const id = z.string().min(1).max(ID_MAX_LENGTH);

/** What names a feed: where its orders come from, the vendor's account, and the vendor's name of the place. */
export const FeedParams = z.object({
  source: z.enum(orderSources),
  accountId: id,
  locationId: id,
});

/** One vendor location's data: what it belongs to, what is set of it, and what waits or is not counted. */
export const FeedView = z.object({
  source: z.string(),
  accountId: z.string(),
  locationId: z.string(),
  /** Null while the location waits for its store. */
  storeId: z.string().nullable(),
  storeName: z.string().nullable(),
  state: z.enum(feedStates),
  lastProofAt: instant.nullable(),
  /** How its order numbers repeat, and how that is known. */
  numbering: z.enum(numberings),
  numberingFrom: z.enum(["default", "set", "learnt", "vendor"]),
  /** First and last business date that it is the authority for; orders outside are kept and not counted. */
  authority: z.object({ from: z.string().nullable(), to: z.string().nullable() }),
  rounding: z.object({
    rule: z.enum(["half_even", "half_up"]),
    by: z.enum(["line", "order"]),
    /** Minor units by which the sender's sums may differ from ours. */
    tolerance: z.string(),
  }),
  /** Orders in another currency are parked; null takes every one. */
  currency: z.string().nullable(),
  /** By how much the till's clock was last seen ahead of ours, and when. */
  clockAheadMs: z.int().nullable(),
  clockAheadAt: instant.nullable(),
  /** Rises with each change, and decides between two pictures of the same vendor version. */
  mappingRevision: z.int(),
  /** Orders that are kept and wait. */
  parked: z.int(),
  /** Orders that are kept and not counted, being outside the authority dates. */
  withheld: z.int(),
});
export const FeedList = z.object({
  /** Those without a store first; at most 1,000. */
  feeds: z.array(FeedView),
  isCut: z.boolean(),
});

/** What is to be set of a feed; what is absent stays. */
export const FeedPatch = z.strictObject({
  storeId: z.guid().toLowerCase().optional(),
  authority: z.strictObject({ from: date.nullable(), to: date.nullable() }).optional(),
  numbering: z.enum(["unique", "per_register", "per_day", "per_register_and_day"]).optional(),
  rounding: z
    .strictObject({
      rule: z.enum(["half_even", "half_up"]),
      by: z.enum(["line", "order"]),
      tolerance: z.string().regex(/^\d{1,12}$/, "must be a whole number of minor units"),
    })
    .optional(),
  currency: currency.nullable().optional(),
});
export const FeedPatched = z.object({
  feed: FeedView,
  /** Appends the feed's orders again; null where none moves. */
  job: JobView.nullable(),
});

export const ParkedQuery = z.object({
  cursor: z.string().max(400).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
const ParkedPlace = z.object({
  source: z.string(),
  accountId: z.string(),
  locationId: z.string(),
});
export const ParkedOrders = z.object({
  /** How many wait by location, most first. */
  locations: z.array(
    ParkedPlace.extend({
      storeId: z.string().nullable(),
      orders: z.int(),
      reason: z.string(),
      oldestReceivedAt: instant,
    }),
  ),
  /** The newest first. */
  orders: z.array(
    ParkedPlace.extend({ orderId: z.string(), reason: z.string(), receivedAt: instant }),
  ),
  nextCursor: z.string().nullable(),
});

/** Maps a location to a store and counts what is parked under it. */
export const ParkedClaim = z.strictObject({ ...FeedParams.shape, storeId: z.guid().toLowerCase() });
export const ParkedClaimed = z.object({ job: JobView });

/** What is to be set of a store; what is absent stays. Zone and closeout hold from a business date on. */
export const StorePatch = z.strictObject({
  name: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .regex(/^\P{Cc}+$/u, "must hold no control characters")
    .optional(),
  timeZone: z
    .strictObject({
      zone: z.string().refine(isTimeZone, "must be an IANA time zone, such as Europe/Berlin"),
      from: date,
    })
    .optional(),
  closeout: z
    .strictObject({
      /** Local time at which the business day ends. */
      time: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time of day such as 04:00"),
      from: date,
    })
    .optional(),
  groups: z.array(z.string().trim().min(1).max(60)).max(20).optional(),
  closedFrom: date.nullable().optional(),
  currency: currency.optional(),
});
