import { type Database, runStatement, type Statement } from "@tillcast/core/database";
import type { EventLog } from "@tillcast/event-log";
import { inboxTopicOf } from "@tillcast/schemas";

/** A tenant's inbox. */
export interface InboxTopic {
  readonly tenantId: string;
  readonly topic: string;
}

const insertInbox: Statement = {
  name: "ingest-insert-inbox",
  text: "insert into inbox_topic (tenant_id, topic) values ($1, $2) on conflict do nothing",
};

const selectInboxes: Statement = {
  name: "ingest-select-inboxes",
  text: "select tenant_id, topic from inbox_topic order by topic",
};

/**
 * Creates a tenant's inbox if it is missing. Resolves with its topic. Every ingest process reads it within
 * seconds.
 */
export async function createInbox(
  deps: { readonly database: Database; readonly eventLog: EventLog },
  tenantId: string,
): Promise<InboxTopic> {
  const settings = inboxTopicOf(tenantId);
  // The topic is created first, so that every process that finds the row finds the topic too.
  await deps.eventLog.ensureTopics([settings]);
  await runStatement(deps.database.service, insertInbox, [tenantId, settings.topic]);
  return { tenantId, topic: settings.topic };
}

/** Every tenant's inbox. */
export async function listInboxes(database: Database): Promise<readonly InboxTopic[]> {
  const { rows } = await runStatement<{ tenant_id: string; topic: string }>(
    database.service,
    selectInboxes,
    [],
  );
  return rows.map((row) => ({ tenantId: row.tenant_id, topic: row.topic }));
}
