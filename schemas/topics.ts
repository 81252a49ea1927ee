const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/**
 * Every topic of the event log. Partition counts are powers of two. Order topics are never compacted;
 * the four below them carry hints, whose truth is in the tables.
 */
export const topics = {
  /** Live order snapshots, keyed by feed. */
  orders: { topic: "pos.orders.v1", partitions: 8, retentionMs: null },
  /** The same from history; pauses while live lag is high. */
  ordersBackfill: { topic: "pos.orders.backfill.v1", partitions: 8, retentionMs: null },
  /** Vendor payloads as received, personal data removed. */
  raw: { topic: "pos.raw.v1", partitions: 8, retentionMs: 14 * dayMs },
  /** Changed windows after commit, keyed by store. */
  sales: { topic: "sales.windows.v1", partitions: 4, retentionMs: dayMs },
  forecasts: { topic: "forecasts.v1", partitions: 4, retentionMs: dayMs },
  feeds: { topic: "feeds.v1", partitions: 1, retentionMs: dayMs },
  alerts: { topic: "alerts.v1", partitions: 1, retentionMs: 7 * dayMs },
  jobs: { topic: "jobs.v1", partitions: 1, retentionMs: dayMs },
} as const;

/** Both order topics feed this group. */
export const LEDGER_GROUP = "ledger";

/** Every tenant's inbox is read by this group. */
export const INBOX_GROUP = "ingest-inbox";

const inboxName = /^pos\.inbox\.([0-9a-f-]{36})\.v1$/;

/** The topic to which a tenant's own Kafka producers write; as raw as vendor payloads, and kept as long. */
export const inboxTopicOf = (tenantId: string) =>
  ({
    topic: `pos.inbox.${tenantId}.v1`,
    partitions: 4,
    retentionMs: topics.raw.retentionMs,
  }) as const;

/** Whose inbox a topic is; undefined for every other topic. */
export const tenantOfInbox = (topic: string): string | undefined => inboxName.exec(topic)?.[1];
