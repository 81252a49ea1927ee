import { declareLoop, startLoop } from "@tillcast/core/work";
import type { Subscription } from "@tillcast/event-log";
import { INBOX_GROUP, inboxTopicOf } from "@tillcast/schemas";
import type { IngestSettings } from "../../config.ts";
import { type InboxTopic, listInboxes } from "./inbox-topics.ts";
import { type InboxDeps, settleInbox } from "./settle-inbox.ts";

/** Most bytes of one batch from an inbox, as many as the body of a push. */
export const INBOX_BATCH_MAX_BYTES = 8_000_000;
/** Most partitions of one inbox settled at the same time, so that one tenant leaves room for others. */
export const INBOX_PARTITIONS_AT_ONCE = 1;

const inboxesLoop = declareLoop({
  name: "inboxes",
  does: "looks for inboxes that were made or removed, and reads accordingly",
  every: "INGEST_INBOX_CHECK_INTERVAL_MS",
});

/** Reads all inboxes. */
export interface FollowedInboxes {
  /** Stops reading and waits for running batches. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Reads every tenant's inbox, including inboxes that are created later. Each ingest process joins the group and
 * gets some of the partitions. If an inbox cannot be read, the next check tries again; other inboxes are not
 * affected.
 */
export function followInboxes(deps: InboxDeps, settings: IngestSettings): FollowedInboxes {
  const followed = new Map<string, Subscription>();

  async function follow({ tenantId, topic }: InboxTopic): Promise<void> {
    try {
      // Every process that runs retention must know how long the topic keeps its records.
      await deps.eventLog.ensureTopics([{ ...inboxTopicOf(tenantId), topic }]);
      const subscription = await deps.eventLog.subscribe({
        topic,
        group: INBOX_GROUP,
        limits: {
          batchMaxCount: settings.INGEST_INBOX_BATCH_MAX_COUNT,
          batchMaxBytes: INBOX_BATCH_MAX_BYTES,
          partitionsAtOnce: INBOX_PARTITIONS_AT_ONCE,
        },
        settle: (batch) => settleInbox(deps, tenantId, batch),
      });
      followed.set(topic, subscription);
    } catch (error) {
      deps.log.warn({ err: error, topic }, "inbox cannot be read; the next check tries again");
    }
  }

  const looking = startLoop(inboxesLoop, {
    everyMs: settings.INGEST_INBOX_CHECK_INTERVAL_MS,
    log: deps.log,
    step: async () => {
      const inboxes = await listInboxes(deps.database);
      for (const inbox of inboxes) if (!followed.has(inbox.topic)) await follow(inbox);
      const wanted = new Set(inboxes.map(({ topic }) => topic));
      for (const [topic, subscription] of followed) {
        if (wanted.has(topic)) continue;
        followed.delete(topic);
        await subscription.close();
      }
    },
  });
  return {
    async close() {
      await looking.stop();
      await Promise.all([...followed.values()].map((subscription) => subscription.close()));
    },
  };
}
