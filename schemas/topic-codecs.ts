import { alertChangedCodec } from "./alerts/alert-changed.ts";
import type { AvroCodec } from "./avro/codec.ts";
import { feedChangedCodec } from "./feeds/feed-changed.ts";
import { forecastIssuedCodec } from "./forecasts/forecast-issued.ts";
import { jobChangedCodec } from "./jobs/job-changed.ts";
import { inboxOrderCodec } from "./orders/inbox-order.ts";
import { orderSnapshotCodec } from "./orders/order-snapshot.ts";
import { salesUpdatedCodec } from "./sales/sales-update.ts";
import { tenantOfInbox, topics } from "./topics.ts";

const codecs: Readonly<Record<string, unknown>> = {
  [topics.orders.topic]: orderSnapshotCodec,
  [topics.ordersBackfill.topic]: orderSnapshotCodec,
  [topics.sales.topic]: salesUpdatedCodec,
  [topics.forecasts.topic]: forecastIssuedCodec,
  [topics.feeds.topic]: feedChangedCodec,
  [topics.alerts.topic]: alertChangedCodec,
  [topics.jobs.topic]: jobChangedCodec,
};

/** The shape of a topic's values; undefined for a topic whose values are not ours to read. */
export function codecOf(topic: string): AvroCodec<unknown> | undefined {
  if (tenantOfInbox(topic) !== undefined) return inboxOrderCodec;
  return codecs[topic] as AvroCodec<unknown> | undefined;
}

/**
 * The schemas that the topics had before records named theirs. They never change: a value without a name is
 * in the first schema of its topic.
 */
const firstFingerprints: Readonly<Record<string, string>> = {
  [topics.orders.topic]: "c02a270413482764",
  [topics.ordersBackfill.topic]: "c02a270413482764",
  [topics.sales.topic]: "b3ab310e351ab86f",
  [topics.forecasts.topic]: "df257941c1f2304e",
  [topics.feeds.topic]: "ccdaeaedef122614",
  [topics.alerts.topic]: "41b2d6707259ee08",
  [topics.jobs.topic]: "28e8ff9d0266a032",
};

/** The fingerprint of a topic's first schema; undefined for one that came later, or is not ours to read. */
export function firstFingerprintOf(topic: string): Buffer | undefined {
  const fingerprint = firstFingerprints[topic];
  return fingerprint === undefined ? undefined : Buffer.from(fingerprint, "hex");
}
