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
