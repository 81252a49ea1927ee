import { z } from "zod";
import { growing, instantMs, int, isoDate, long, minor, named } from "../avro/annotations.ts";
import { type AvroCodec, makeAvroCodec } from "../avro/codec.ts";
import { orderChannels } from "../orders/order-words.ts";

/** One 15-minute window, whole: it replaces what a reader had under the same key. */
export const SalesWindow = named(
  "SalesWindow",
  z.object({
    businessDate: isoDate,
    /** Start of `[start, start + 15 min)`. */
    start: instantMs,
    channel: growing("SalesChannel", z.enum(orderChannels), "other"),
    currency: z.string(),
    /** In the order of `measures`. */
    values: z.array(minor),
    /**
     * The channel's number, where its writer says it: two channels whose words a reader does not know both
     * read as `other`, and are told apart by it.
     */
    channelNumber: int.nullable(),
  }),
);

/** What is ordered and not yet paid, per currency. */
export const OpenSales = named(
  "OpenSales",
  z.object({ currency: z.string(), amount: minor, orders: long }),
);

/** Where a store stands beside its windows. */
export const StoreVersions = named(
  "StoreVersions",
  z.object({ forecast: long, alerts: long, feeds: long }),
);

/**
 * A change of one store's windows, published after its transaction committed. It takes a reader from any
 * version in `[prevSeq, seq)` to `seq`; a reader behind `prevSeq` asks for a snapshot. One without windows
 * says only where the store is. Windows older than yesterday are named by their business date alone.
 */
export const SalesUpdatedV1 = named(
  "SalesUpdatedV1",
  z.object({
    tenantId: z.string(),
    storeId: z.string(),
    epoch: int,
    prevSeq: long,
    seq: long,
    windows: z.array(SalesWindow),
    open: z.array(OpenSales),
    daysChanged: z.array(isoDate),
    /** When the newest order of the change was received; carried so that its way to the pixel can be timed. */
    receivedAt: instantMs,
    /** Said now and then, so that whoever missed word of a forecast, an alert or a feed learns that it is behind. */
    versions: StoreVersions.nullable(),
  }),
);
export type SalesWindow = z.output<typeof SalesWindow>;
export type OpenSales = z.output<typeof OpenSales>;
export type SalesUpdated = z.output<typeof SalesUpdatedV1>;

export const salesUpdatedCodec: AvroCodec<SalesUpdated> = makeAvroCodec(SalesUpdatedV1, {
  frozen: "sales-updated-v1",
  // Only a later release, which writes in its own shape, has a channel that needs its number said.
  // A reader of the release before misses what is repeated, as it always did.
  harmless: { "windows.channelNumber": () => true, versions: () => true },
});
