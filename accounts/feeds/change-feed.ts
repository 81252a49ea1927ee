import { type Actor, type AuditFacts, appError, audited } from "@tillcast/core";
import { runStatement, type Statement } from "@tillcast/core/database";
import { enqueueJob, type Job } from "@tillcast/core/work";
import { cutText, isCurrency, isDate, type Numbering } from "@tillcast/schemas";
import type { ClientBase, Pool } from "pg";
import { feedNameText, type VendorFeedName } from "./feed-name.ts";
import type { roundingParts, roundingRules } from "./list-feeds.ts";

/** The kind of the job that appends a feed's orders again; the intake works on it. */
export const reappendJobKind = "reappend-orders";

/** What is to be set of a feed; what is absent stays. */
export interface FeedChange {
  readonly storeId?: string | undefined;
  /** Null is unbounded. */
  readonly authority?: { readonly from: string | null; readonly to: string | null } | undefined;
  readonly numbering?: Exclude<Numbering, "unknown"> | undefined;
  readonly rounding?:
    | {
        readonly rule: (typeof roundingRules)[number];
        readonly by: (typeof roundingParts)[number];
        /** Minor units. */
        readonly tolerance: bigint;
      }
    | undefined;
  /** Null takes every currency. */
  readonly currency?: string | null | undefined;
}

/** Which feed, what of it, and who decides. */
export interface FeedDecision {
  readonly tenantId: string;
  readonly feed: VendorFeedName;
  readonly change: FeedChange;
  readonly by: Actor;
}

/** A feed's columns that can be set. */
interface FeedRow {
  readonly store_id: string | null;
  readonly authority_from: string | null;
  readonly authority_to: string | null;
  readonly numbering: Numbering;
  readonly numbering_from: string;
  readonly rounding: (typeof roundingRules)[number];
  readonly rounding_by: (typeof roundingParts)[number];
  readonly tolerance_minor: bigint;
  readonly currency: string | null;
  readonly mapping_revision: number;
}

const insertFeed: Statement = {
  name: "feeds-insert",
  text: `
    insert into feed (tenant_id, source, account_id, location_id)
    values ($1, $2, $3, $4)
    on conflict (tenant_id, source, account_id, location_id) do nothing`,
};

const lockFeed: Statement = {
  name: "feeds-lock",
  text: `
    select store_id, authority_from, authority_to, numbering, numbering_from, rounding, rounding_by,
      tolerance_minor, currency, mapping_revision
    from feed
    where tenant_id = $1 and source = $2 and account_id = $3 and location_id = $4
    for update`,
};

const updateFeed: Statement = {
  name: "feeds-update",
  text: `
    update feed
    set store_id = $5, authority_from = $6, authority_to = $7, numbering = $8, numbering_from = $9,
        rounding = $10, rounding_by = $11, tolerance_minor = $12, currency = $13, mapping_revision = $14
    where tenant_id = $1 and source = $2 and account_id = $3 and location_id = $4`,
};

const insertRule: Statement = {
  name: "feeds-insert-rule",
  text: `
    insert into feed_rule (tenant_id, source, account_id, location_id, mapping_revision, rule, value,
      decided_by)
    values ($1, $2, $3, $4, $5, $6, $7, $8)`,
};

const selectStore: Statement = {
  name: "feeds-store-of-tenant",
  text: "select 1 from store where tenant_id = $1 and store_id = $2",
};

const resetTried: Statement = {
  name: "feeds-reset-tried",
  text: `
    update parked_order
    set tried_revision = null
    where tenant_id = $1 and source = $2 and account_id = $3 and location_id = $4
      and released_at is null and tried_revision is not null`,
};

type Rule = "store" | "authority" | "numbering" | "rounding" | "currency";

/** Rules by which orders that are counted already would have been stamped otherwise. */
const movingRules: readonly Rule[] = ["store", "authority", "numbering"];

/**
 * Sets what is to be set of a feed. Each change raises the feed's mapping revision and is written to its history;
 * one of store, authority or numbering also queues the job that appends the feed's orders again. A store may be
 * given before the feed's first order came. Answers the job, or null where no order moves.
 */
export async function changeFeed(pool: Pool, decision: FeedDecision): Promise<Job | null> {
  assertSensible(decision.change);
  return audited(pool, decision.by, "feed set", async (tx, note) => {
    const { before, after, rules } = await readChange(tx, decision);
    note(factsOf(decision, rules));
    if (rules.size === 0) return null;
    await saveChange(tx, decision, { before, after, rules });
    const isMoving = movingRules.some((rule) => rules.has(rule));
    return isMoving ? await enqueueReappend(tx, decision, after.mapping_revision) : null;
  });
}

/**
 * Maps a location to a store and counts what is parked under it, also what was looked at in vain before; answers
 * the job that does so.
 */
export async function claimParkedOrders(
  pool: Pool,
  claim: Omit<FeedDecision, "change"> & { readonly storeId: string },
): Promise<Job> {
  const { storeId, ...of } = claim;
  const decision = { ...of, change: { storeId } };
  return audited(pool, claim.by, "parked orders claimed", async (tx, note) => {
    const change = await readChange(tx, decision);
    note(factsOf(decision, change.rules));
    if (change.rules.size > 0) await saveChange(tx, decision, change);
    await runStatement(tx, resetTried, nameValues(decision));
    return enqueueReappend(tx, decision, change.after.mapping_revision);
  });
}

const factsOf = ({ tenantId, feed }: FeedDecision, rules: ReadChange["rules"]): AuditFacts => ({
  tenantId,
  subject: feedNameText(feed),
  detail: Object.fromEntries(rules),
});

interface ReadChange {
  readonly before: FeedRow;
  readonly after: FeedRow;
  /** What is decided, by rule. */
  readonly rules: ReadonlyMap<Rule, Readonly<Record<string, unknown>>>;
}

async function readChange(
  tx: Pick<ClientBase, "query">,
  decision: FeedDecision,
): Promise<ReadChange> {
  const { tenantId, change, feed } = decision;
  if (change.storeId !== undefined) {
    const stores = await runStatement(tx, selectStore, [tenantId, change.storeId]);
    if (stores.rows.length === 0) {
      const reason = "is not a store of this tenant";
      throw appError("validationFailed", { field: "storeId", reason });
    }
    await runStatement(tx, insertFeed, nameValues(decision));
  }
  const { rows } = await runStatement<FeedRow & Record<string, unknown>>(
    tx,
    lockFeed,
    nameValues(decision),
  );
  const [before] = rows;
  if (before === undefined)
    throw appError("notFound", { what: `feed ${cutText(feedNameText(feed))}` });
  const after = { ...withChange(before, change), mapping_revision: before.mapping_revision + 1 };
  const rules = rulesOf(before, after);
  return { before, after: rules.size === 0 ? before : after, rules };
}

async function saveChange(
  tx: Pick<ClientBase, "query">,
  decision: FeedDecision,
  { after, rules }: ReadChange,
): Promise<void> {
  const name = nameValues(decision);
  await runStatement(tx, updateFeed, [
    ...name,
    after.store_id,
    after.authority_from,
    after.authority_to,
    after.numbering,
    after.numbering_from,
    after.rounding,
    after.rounding_by,
    after.tolerance_minor,
    after.currency,
    after.mapping_revision,
  ]);
  for (const [rule, value] of rules) {
    const values = [after.mapping_revision, rule, JSON.stringify(value), decision.by.name];
    await runStatement(tx, insertRule, [...name, ...values]);
  }
}

function enqueueReappend(
  tx: Pick<ClientBase, "query">,
  { tenantId, feed }: Pick<FeedDecision, "tenantId" | "feed">,
  mappingRevision: number,
): Promise<Job> {
  // A job that runs already may have passed orders that this change moves again: each revision has its own.
  const dedupeKey = `${tenantId}/${feedNameText(feed)}@${mappingRevision}`;
  const { source, accountId, locationId } = feed;
  const payload = { source, accountId, locationId };
  return enqueueJob(tx, { kind: reappendJobKind, tenantId, payload, dedupeKey });
}

function withChange(before: FeedRow, change: FeedChange): FeedRow {
  const { storeId, authority, numbering, rounding, currency } = change;
  return {
    ...before,
    ...(storeId === undefined ? {} : { store_id: storeId }),
    ...(authority === undefined
      ? {}
      : { authority_from: authority.from, authority_to: authority.to }),
    ...(numbering === undefined ? {} : { numbering, numbering_from: "set" }),
    ...(rounding === undefined
      ? {}
      : {
          rounding: rounding.rule,
          rounding_by: rounding.by,
          tolerance_minor: rounding.tolerance,
        }),
    ...(currency === undefined ? {} : { currency }),
  };
}

/** What differs, by rule, as it is written to the history: how it is and how it was. */
function rulesOf(before: FeedRow, after: FeedRow): ReadChange["rules"] {
  const ruleValue: Readonly<Record<Rule, (row: FeedRow) => Record<string, unknown>>> = {
    store: (row) => ({ storeId: row.store_id }),
    authority: (row) => ({ from: row.authority_from, to: row.authority_to }),
    numbering: (row) => ({ numbering: row.numbering, from: row.numbering_from }),
    rounding: (row) => ({
      rule: row.rounding,
      by: row.rounding_by,
      toleranceMinor: String(row.tolerance_minor),
    }),
    currency: (row) => ({ currency: row.currency }),
  };
  const rules = new Map<Rule, Record<string, unknown>>();
  for (const rule of Object.keys(ruleValue) as Rule[]) {
    const [is, was] = [ruleValue[rule](after), ruleValue[rule](before)];
    if (JSON.stringify(is) !== JSON.stringify(was)) rules.set(rule, { ...is, was });
  }
  return rules;
}

function assertSensible({ authority, rounding, currency }: FeedChange): void {
  const refuse = (field: string, reason: string) => {
    throw appError("validationFailed", { field, reason });
  };
  for (const [field, date] of Object.entries(authority ?? {})) {
    if (date !== null && !isDate(date)) refuse(`authority.${field}`, "must be a date YYYY-MM-DD");
  }
  const { from = null, to = null } = authority ?? {};
  if (from !== null && to !== null && from > to) refuse("authority.to", `lies before ${from}`);
  if (rounding !== undefined && rounding.tolerance < 0n) {
    refuse("rounding.tolerance", "must not be negative");
  }
  if (currency !== undefined && currency !== null && !isCurrency(currency)) {
    refuse("currency", "must be an ISO 4217 currency in capitals, such as EUR");
  }
}

const nameValues = ({ tenantId, feed }: Pick<FeedDecision, "tenantId" | "feed">): string[] => [
  tenantId,
  feed.source,
  feed.accountId,
  feed.locationId,
];
