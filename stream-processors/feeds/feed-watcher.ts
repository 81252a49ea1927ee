import {
  inTransaction,
  runStatement,
  type Statement,
  type Transaction,
  textArray,
  uuidArray,
} from "@tillcast/core/database";
import { declareLoop, recordChanges, sayAtOnce, startLoop } from "@tillcast/core/work";
import { type FeedChanged, type FeedState, feedChangedCodec, feedKeyOf } from "@tillcast/schemas";
import type { ProcessorDeps } from "../ledger/ledger-processor.ts";
import { type FeedRow, factsOf, loadFeedRows } from "./feed-rows.ts";
import { feedStateOf } from "./feed-state.ts";

const updateFeeds: Statement = {
  name: "feeds-update-state",
  text: `
    update feed
    set state = changed.state, state_since = now()
    from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[])
      as changed (tenant_id, source, account_id, location_id, state)
    where feed.tenant_id = changed.tenant_id
      and feed.source = changed.source
      and feed.account_id = changed.account_id
      and feed.location_id = changed.location_id`,
};

const advanceFeedSequences: Statement = {
  name: "feeds-advance-sequences",
  text: `
    insert into store_sequence (store_id, tenant_id, feed_seq)
    select distinct store_id, tenant_id, 1
    from unnest($1::uuid[], $2::uuid[]) as changed (store_id, tenant_id)
    order by store_id
    on conflict (store_id) do update
    set feed_seq = store_sequence.feed_seq + 1
    returning store_id, feed_seq`,
};

interface ChangedFeed extends FeedRow {
  readonly next: FeedState;
}

const feedsLoop = declareLoop({
  name: "feeds",
  does: "works out the state of every feed and publishes what changed",
  every: "FEED_CHECK_INTERVAL_MS",
  lease: "feeds",
});

/**
 * Looks at every feed now and then, and publishes those whose state changed; one process of all does, since
 * a change is told once.
 */
export function startFeedWatcher(deps: ProcessorDeps): { stop(): Promise<void> } {
  return startLoop(feedsLoop, {
    everyMs: deps.settings.FEED_CHECK_INTERVAL_MS,
    pool: deps.database.service,
    log: deps.log,
    step: () => watchFeeds(deps),
  });
}

/** One look at all feeds. */
async function watchFeeds(deps: ProcessorDeps): Promise<void> {
  const nowMs = deps.clock.now();
  const rows = await loadFeedRows(deps.database.service);
  const changed = rows.flatMap((row): ChangedFeed[] => {
    const facts = factsOf(row, nowMs, deps.log);
    const next = feedStateOf(facts, nowMs, deps.settings.FEED_SILENT_AFTER_MS);
    return next === row.state ? [] : [{ ...row, next }];
  });
  if (changed.length === 0) return;
  const pool = deps.database.service;
  const changes = await inTransaction(pool, async (tx) => {
    const versions = await saveStates(tx, changed);
    const told = changed.map((feed) => {
      const message = feedChanged(feed, versions.get(feed.store_id) ?? 0, nowMs);
      const { tenantId, storeId: subject } = message;
      return { kind: "feed" as const, tenantId, subject, record: feedChangedCodec.encode(message) };
    });
    return recordChanges(tx, told);
  });
  await sayAtOnce({ ...deps, pool }, changes);
}

async function saveStates(
  tx: Transaction,
  changed: readonly ChangedFeed[],
): Promise<Map<string, number>> {
  await runStatement(tx, updateFeeds, [
    uuidArray(changed.map((feed) => feed.tenant_id)),
    textArray(changed.map((feed) => feed.source)),
    textArray(changed.map((feed) => feed.account_id)),
    textArray(changed.map((feed) => feed.location_id)),
    textArray(changed.map((feed) => feed.next)),
  ]);
  const { rows } = await runStatement<{ store_id: string; feed_seq: bigint }>(
    tx,
    advanceFeedSequences,
    [
      uuidArray(changed.map((feed) => feed.store_id)),
      uuidArray(changed.map((feed) => feed.tenant_id)),
    ],
  );
  return new Map(rows.map((row) => [row.store_id, Number(row.feed_seq)]));
}

const feedChanged = (feed: ChangedFeed, version: number, nowMs: number): FeedChanged => ({
  tenantId: feed.tenant_id,
  storeId: feed.store_id,
  feedKey: feedKeyOf({
    tenantId: feed.tenant_id,
    source: feed.source,
    accountId: feed.account_id,
    locationId: feed.location_id,
  }),
  state: feed.next,
  since: nowMs,
  lastProofAt: feed.last_proof_at,
  watermark: feed.watermark,
  version,
});
