import {
  type Database,
  inTransaction,
  runStatement,
  type Statement,
  textArray,
  uuidArray,
} from "@tillcast/core/database";
import type { Numbering } from "@tillcast/schemas";

/** The row of a feed: one vendor location's data. */
export interface Feed {
  readonly source: string;
  readonly accountId: string;
  readonly locationId: string;
  readonly storeId: string | null;
  readonly mappingRevision: number;
  readonly authorityFrom: string | null;
  readonly authorityTo: string | null;
  readonly numbering: Numbering;
  readonly isOnlyLocation: boolean;
  readonly roundingBy: "line" | "order";
  readonly toleranceMinor: bigint;
  /** The only currency of its orders; null accepts every currency. */
  readonly feedCurrency: string | null;
}

/** The name of a feed within its tenant. */
export type FeedName = Pick<Feed, "source" | "accountId" | "locationId">;

/** A feed's name as one text, for maps. */
export function feedNameKey(feed: FeedName): string {
  return `${feed.source}\0${feed.accountId}\0${feed.locationId}`;
}

interface FeedRow {
  readonly source: string;
  readonly account_id: string;
  readonly location_id: string;
  readonly store_id: string | null;
  readonly mapping_revision: number;
  readonly authority_from: string | null;
  readonly authority_to: string | null;
  readonly numbering: Numbering;
  readonly is_only_location: boolean;
  readonly rounding_by: "line" | "order";
  readonly tolerance_minor: bigint;
  readonly currency: string | null;
}

const feedColumns = `source, account_id, location_id, store_id, mapping_revision,
  authority_from, authority_to, numbering, rounding_by, tolerance_minor, currency,
  not exists (
    select from feed as other
    where other.tenant_id = known.tenant_id and other.source = known.source
      and other.account_id = known.account_id and other.location_id <> known.location_id
  ) as is_only_location`;

const selectFeeds: Statement = {
  name: "ingest-select-feeds",
  text: `
    select ${feedColumns}
    from feed as known
    where tenant_id = $1
      and (source, account_id, location_id)
        in (select * from unnest($2::text[], $3::text[], $4::text[]))`,
};

// A feed that waited for its store gets it, and a higher mapping revision. An existing mapping is never changed
// here. Pushes and files may number their orders as tills do; vendors' own feeds give each order an id.
const ensureFeeds: Statement = {
  name: "ingest-ensure-feeds",
  text: `
    insert into feed as known
      (tenant_id, source, account_id, location_id, store_id, numbering, numbering_from)
    select $1, source, account_id, location_id, store_id,
           case when source in ('push', 'file') then 'unknown' else 'unique' end,
           case when source in ('push', 'file') then 'default' else 'vendor' end
    from unnest($2::text[], $3::text[], $4::text[], $5::uuid[])
      as wanted (source, account_id, location_id, store_id)
    on conflict (tenant_id, source, account_id, location_id) do update
    set store_id = coalesce(known.store_id, excluded.store_id),
        mapping_revision = known.mapping_revision
          + case when known.store_id is null and excluded.store_id is not null then 1 else 0 end
    returning ${feedColumns}`,
};

/** Loads the existing feeds among the given names, by `feedNameKey`. */
export async function findFeeds(
  database: Database,
  tenantId: string,
  names: readonly FeedName[],
): Promise<Map<string, Feed>> {
  if (names.length === 0) return new Map();
  const { rows } = await runStatement<FeedRow>(database.service, selectFeeds, [
    tenantId,
    ...nameColumns(names),
  ]);
  return byName(rows);
}

/** Creates missing feeds, and maps feeds that wait for their store. Resolves with the stored feeds. */
export async function saveFeeds(
  database: Database,
  tenantId: string,
  wanted: readonly (FeedName & { readonly storeId: string | null })[],
): Promise<Map<string, Feed>> {
  if (wanted.length === 0) return new Map();
  // Sorted by key in all requests, so that two requests never deadlock.
  const sorted = [...wanted].sort((a, b) => (feedNameKey(a) < feedNameKey(b) ? -1 : 1));
  const { rows } = await inTransaction(database.service, (tx) =>
    runStatement<FeedRow>(tx, ensureFeeds, [
      tenantId,
      ...nameColumns(sorted),
      uuidArray(sorted.map((feed) => feed.storeId)),
    ]),
  );
  return byName(rows);
}

function nameColumns(names: readonly FeedName[]): Buffer[] {
  return [
    textArray(names.map((name) => name.source)),
    textArray(names.map((name) => name.accountId)),
    textArray(names.map((name) => name.locationId)),
  ];
}

function byName(rows: readonly FeedRow[]): Map<string, Feed> {
  const feeds = rows.map((row) => ({
    source: row.source,
    accountId: row.account_id,
    locationId: row.location_id,
    storeId: row.store_id,
    mappingRevision: row.mapping_revision,
    authorityFrom: row.authority_from,
    authorityTo: row.authority_to,
    numbering: row.numbering,
    isOnlyLocation: row.is_only_location,
    roundingBy: row.rounding_by,
    toleranceMinor: row.tolerance_minor,
    feedCurrency: row.currency,
  }));
  return new Map(feeds.map((feed) => [feedNameKey(feed), feed]));
}
