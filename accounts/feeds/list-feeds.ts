import { runStatement, type Statement, textArray, uuidArray } from "@tillcast/core/database";
import type { FeedState, Numbering } from "@tillcast/schemas";
import type { ClientBase } from "pg";
import type { VendorFeedName } from "./feed-name.ts";

type Queryable = Pick<ClientBase, "query">;

/** How a feed's numbering came to be known. */
export const numberingOrigins = ["default", "set", "learnt", "vendor"] as const;
export type NumberingOrigin = (typeof numberingOrigins)[number];

/** How a sender rounds: an amount's half, and what it rounds. */
export const roundingRules = ["half_even", "half_up"] as const;
export const roundingParts = ["line", "order"] as const;

/** Everything that is set, learnt or counted of one feed; instants in UTC milliseconds. */
export interface FeedFacts extends VendorFeedName {
  readonly tenantId: string;
  readonly storeId: string | null;
  readonly storeName: string | null;
  readonly state: FeedState;
  readonly lastProofAt: number | null;
  readonly mappingRevision: number;
  readonly numbering: Numbering;
  readonly numberingFrom: NumberingOrigin;
  /** First and last business date that the feed is the authority for; null is unbounded. */
  readonly authorityFrom: string | null;
  readonly authorityTo: string | null;
  readonly currency: string | null;
  readonly rounding: (typeof roundingRules)[number];
  readonly roundingBy: (typeof roundingParts)[number];
  readonly toleranceMinor: bigint;
  readonly clockAheadMs: bigint | null;
  readonly clockAheadAt: number | null;
  /** Orders that wait for the feed to be set right. */
  readonly parked: bigint;
  /** Orders that are kept and not counted. */
  readonly withheld: bigint;
}

/** Most feeds of one answer; `isCut` says that there are more. */
export const feedsMaxCount = 1_000;

const selectFeeds: Statement = {
  name: "feeds-list",
  text: `
    select
      f.tenant_id as "tenantId",
      f.source,
      f.account_id as "accountId",
      f.location_id as "locationId",
      f.store_id as "storeId",
      s.name as "storeName",
      f.state,
      f.last_proof_at as "lastProofAt",
      f.mapping_revision as "mappingRevision",
      f.numbering,
      f.numbering_from as "numberingFrom",
      f.authority_from as "authorityFrom",
      f.authority_to as "authorityTo",
      f.currency,
      f.rounding,
      f.rounding_by as "roundingBy",
      f.tolerance_minor as "toleranceMinor",
      f.clock_ahead_ms as "clockAheadMs",
      f.clock_ahead_at as "clockAheadAt",
      (
        select count(*) from parked_order p
        where p.tenant_id = f.tenant_id and p.source = f.source and p.account_id = f.account_id
          and p.location_id = f.location_id and p.released_at is null
      ) as parked,
      (
        select count(*) from order_head h
        where h.tenant_id = f.tenant_id and h.source = f.source and h.account_id = f.account_id
          and h.location_id = f.location_id and h.is_withheld
      ) as withheld
    from feed f
    left join store s on s.store_id = f.store_id
    where ($1::uuid is null or f.tenant_id = $1)
      and ($2::uuid[] is null or f.store_id = any($2))
      and ($3::text[] is null
        or (f.source, f.account_id, f.location_id) in (select * from unnest($3, $4::text[], $5::text[])))
    order by f.tenant_id, s.name nulls first, f.source, f.account_id, f.location_id
    limit $6`,
};

/** Which feeds are asked for. */
export interface FeedFilter {
  readonly tenantId?: string | undefined;
  /** Only those mapped to these stores; null or absent is all, mapped or not. */
  readonly storeIds?: readonly string[] | null | undefined;
  readonly names?: readonly VendorFeedName[] | undefined;
}

/** Feeds with what is set and counted of them, those without a store first. */
export async function listFeeds(
  db: Queryable,
  { tenantId, storeIds, names }: FeedFilter,
): Promise<{ readonly feeds: FeedFacts[]; readonly isCut: boolean }> {
  const column = (pick: (name: VendorFeedName) => string) =>
    names === undefined ? null : textArray(names.map(pick));
  const { rows } = await runStatement<FeedFacts & Record<string, unknown>>(db, selectFeeds, [
    tenantId ?? null,
    storeIds === null || storeIds === undefined ? null : uuidArray([...storeIds]),
    column((name) => name.source),
    column((name) => name.accountId),
    column((name) => name.locationId),
    feedsMaxCount + 1,
  ]);
  return { feeds: rows.slice(0, feedsMaxCount), isCut: rows.length > feedsMaxCount };
}

/** One feed of a tenant, or undefined. */
export async function findFeed(
  db: Queryable,
  tenantId: string,
  name: VendorFeedName,
): Promise<FeedFacts | undefined> {
  return (await listFeeds(db, { tenantId, names: [name] })).feeds[0];
}
