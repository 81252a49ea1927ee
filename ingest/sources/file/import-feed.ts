import {
  type Database,
  inTransaction,
  runStatement,
  type Statement,
  type Transaction,
} from "@tillcast/core/database";
import type { Numbering } from "@tillcast/schemas";
import type { ImportStore } from "./import-store.ts";

/** The feed of an import: one per store and kind of file. */
export interface ImportFeed {
  readonly accountId: string;
  /** The store's id, because files contain no location. */
  readonly locationId: string;
  readonly numbering: Numbering;
  /** First and last business date for which it is the authority; null is unbounded. */
  readonly authorityFrom: string | null;
  readonly authorityTo: string | null;
  readonly mappingRevision: number;
}

interface FeedRow {
  readonly numbering: Numbering;
  readonly authority_from: string | null;
  readonly authority_to: string | null;
  readonly mapping_revision: number;
}

const selectFeed: Statement = {
  name: "ingest-import-feed",
  text: `
    select numbering, authority_from, authority_to, mapping_revision
    from feed
    where tenant_id = $1 and source = 'file' and account_id = $2 and location_id = $3`,
};

/** Loads the feed of an import. A missing feed has the defaults of new feeds. */
export async function loadImportFeed(
  database: Database,
  store: ImportStore,
  accountId: string,
): Promise<ImportFeed> {
  const locationId = store.storeId;
  const values = [store.tenantId, accountId, locationId];
  const { rows } = await runStatement<FeedRow>(database.service, selectFeed, values);
  const [row] = rows;
  return {
    accountId,
    locationId,
    numbering: row?.numbering ?? "unknown",
    authorityFrom: row?.authority_from ?? null,
    authorityTo: row?.authority_to ?? null,
    mappingRevision: row?.mapping_revision ?? 1,
  };
}

/** A feed's numbering, set or learnt. */
export interface NumberingDecision {
  readonly numbering: Numbering;
  readonly from: "set" | "learnt";
  /** What it was learnt from, or who set it. */
  readonly evidence: Readonly<Record<string, unknown>>;
}

const ensureFeed: Statement = {
  name: "ingest-import-ensure-feed",
  text: `
    insert into feed (tenant_id, source, account_id, location_id, store_id)
    values ($1, 'file', $2, $3::text, ($3::text)::uuid)
    on conflict (tenant_id, source, account_id, location_id) do nothing`,
};

const updateNumbering: Statement = {
  name: "ingest-import-numbering",
  text: `
    update feed
    set numbering = $4, numbering_from = $5, mapping_revision = mapping_revision + 1
    where tenant_id = $1 and source = 'file' and account_id = $2 and location_id = $3
      and numbering <> $4
    returning mapping_revision`,
};

const insertRule: Statement = {
  name: "ingest-import-rule",
  text: `
    insert into feed_rule (tenant_id, source, account_id, location_id, mapping_revision, rule, value, decided_by)
    values ($1, 'file', $2, $3, $4, 'numbering', $5, $6)`,
};

/**
 * Stores how the numbers of an import's feed repeat, with its history. Orders that are known by the number alone
 * keep that name while they are the same bill; see `name-orders.ts`.
 */
export async function setNumbering(
  database: Database,
  store: ImportStore,
  feed: ImportFeed,
  decision: NumberingDecision,
): Promise<ImportFeed> {
  const { numbering, from, evidence } = decision;
  if (numbering === feed.numbering) return feed;
  const name = [store.tenantId, feed.accountId, feed.locationId];
  return inTransaction(database.service, async (tx: Transaction) => {
    await runStatement(tx, ensureFeed, name);
    const changed = await runStatement<{ mapping_revision: number }>(tx, updateNumbering, [
      ...name,
      numbering,
      from,
    ]);
    const mappingRevision = changed.rows[0]?.mapping_revision;
    if (mappingRevision === undefined) return { ...feed, numbering };
    const value = JSON.stringify({ numbering, ...evidence });
    const decidedBy = from === "learnt" ? "learnt" : "tillcast import";
    await runStatement(tx, insertRule, [...name, mappingRevision, value, decidedBy]);
    return { ...feed, numbering, mappingRevision };
  });
}
