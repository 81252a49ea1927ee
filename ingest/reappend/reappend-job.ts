/** The job that moves a feed's orders after its store, authority or numbering changed. */
import { setTimeout as pause } from "node:timers/promises";
import { reappendJobKind } from "@tillcast/accounts";
import { hasTurned } from "@tillcast/core/database";
import type { Job, JobContext, JobKind } from "@tillcast/core/work";
import type { EventLog, Position } from "@tillcast/event-log";
import { feedKeyOf, LEDGER_GROUP, orderSnapshotCodec, topics } from "@tillcast/schemas";
import { z } from "zod";
import { renamedOrder } from "../names/renamed-order.ts";
import { type ReleaseDeps, releaseParked } from "../parking/release-parked.ts";
import { type Feed, type FeedName, feedNameKey, findFeeds } from "../places/feed-rows.ts";
import { ORIGIN_TTL_MS } from "../places/store-lookup.ts";
import { loadStoreContexts } from "../places/store-rows.ts";
import { waitUntilSettled } from "../sources/file/wait-until-settled.ts";
import { type DueOrder, loadDueHeads } from "./heads-of-feed.ts";
import { restamped } from "./restamp.ts";

export interface ReappendDeps extends ReleaseDeps {
  /** How long other processes may still use the old feed settings. Default `ORIGIN_TTL_MS`. */
  readonly placeTtlMs?: number;
}

/** Longest time from reading a feed's settings until the order is in the log. */
const appendTakesMs = 1_000;
/** Most orders per append. */
const appendMaxCount = 500;
/** Most appended orders that wait for the ledger, so that the lag stays small. */
const waitingMaxCount = 10_000n;
const waitingPollMs = 200;
/** After each step the job pauses as long as the step took, so that live orders go first. */
const restShare = 1;

const Payload = z.object({ source: z.string(), accountId: z.string(), locationId: z.string() });

/**
 * Makes the kind. Its job reads all heads with an older revision of the feed, and appends each order again with
 * the present settings. The ledger then takes the order back where it was and counts it where it belongs. The
 * heads tell which orders are left, so the job may be interrupted or run twice. It repeats until no head is left,
 * because other processes may use the old settings for a moment.
 */
export function reappendKind(deps: ReappendDeps): JobKind {
  return {
    name: reappendJobKind,
    // The jobs of one feed go one after another, by their queue key.
    atOnce: 2,
    perTenant: 2,
    run: reappendHandler(deps),
  };
}

function reappendHandler({ placeTtlMs = ORIGIN_TTL_MS, ...deps }: ReappendDeps): JobKind["run"] {
  return async (job, context) => {
    const name = Payload.parse(job.payload);
    const told = { released: 0, appended: 0 };
    deps.stores.forget();
    const isOldUntil = performance.now() + placeTtlMs + appendTakesMs;
    let isLast = false;
    for (;;) {
      if (isLast) await untilSettled(deps.eventLog, context);
      told.released += await releaseParked(deps);
      const appended = await walkHeads(deps, { job, name, context, told });
      await untilSettled(deps.eventLog, context);
      if (isLast && appended === 0) break;
      const restMs = isOldUntil - performance.now();
      if (restMs > 0) await pause(restMs, undefined, { signal: context.signal });
      isLast = true;
    }
    context.progress(1, phrase(told));
  };
}

interface Told {
  released: number;
  appended: number;
}

interface Walk {
  readonly job: Job;
  readonly name: FeedName;
  readonly context: JobContext;
  readonly told: Told;
}

async function walkHeads(deps: ReappendDeps, { job, name, context, told }: Walk): Promise<number> {
  const { signal } = context;
  let appended = 0;
  let after: Buffer | null = Buffer.alloc(0);
  while (after !== null) {
    signal.throwIfAborted();
    const startedAt = performance.now();
    // Loaded each time, so that a change during the job takes effect.
    const feed = await loadFeed(deps, job, name);
    if (feed?.storeId === undefined || feed.storeId === null) return appended;
    const tenantId = job.tenantId as string;
    const { due, last } = await loadDueHeads(deps.database, { ...feed, tenantId }, after);
    const count = await appendRestamped(deps, tenantId, { ...feed, storeId: feed.storeId }, due);
    appended += count;
    told.appended += count;
    after = last;
    context.progress(0.9 * shareOf(last), phrase(told));
    if (count > 0) {
      await pause(restShare * (performance.now() - startedAt), undefined, { signal });
      await untilFewWait(deps.eventLog, signal);
    }
  }
  return appended;
}

async function loadFeed(deps: ReappendDeps, job: Job, name: FeedName): Promise<Feed | undefined> {
  const feeds = await findFeeds(deps.database, job.tenantId as string, [name]);
  return feeds.get(feedNameKey(name));
}

async function appendRestamped(
  deps: ReappendDeps,
  tenantId: string,
  feed: Feed & { readonly storeId: string },
  due: readonly DueOrder[],
): Promise<number> {
  if (due.length === 0) return 0;
  const storeIds = [...new Set([feed.storeId, ...due.map(({ order }) => order.storeId)])];
  const stores = await loadStoreContexts(deps.database, tenantId, storeIds);
  const store = stores.get(feed.storeId);
  if (store === undefined) return 0;
  // An order gets the name by its feed's present numbering, unless processes of the older release know the old name.
  const mayRename = await hasTurned(deps.database.service);
  const orders = due.map(({ order, orderKey }) => {
    const stamped = restamped(order, { was: stores.get(order.storeId) ?? null, store, feed });
    return mayRename ? renamedOrder(stamped, { ...feed, ...store }, orderKey) : stamped;
  });
  for (let at = 0; at < orders.length; at += appendMaxCount) {
    await deps.eventLog.append(
      topics.ordersBackfill.topic,
      orders.slice(at, at + appendMaxCount).map((order) => ({
        key: feedKeyOf(order),
        value: orderSnapshotCodec.encode(order),
      })),
    );
  }
  return orders.length;
}

/** Keys are hashes, so they are evenly distributed. */
const shareOf = (key: Buffer | null): number => (key === null ? 1 : key.readUInt16BE(0) / 65_536);

const phrase = ({ released, appended }: Told): string =>
  `${appended} orders appended again${released === 0 ? "" : `, ${released} parked ones released`}`;

async function untilFewWait(eventLog: EventLog, signal: AbortSignal): Promise<void> {
  for (;;) {
    const lags = await eventLog.lag(topics.ordersBackfill.topic, LEDGER_GROUP);
    if (lags.reduce((sum, { lagRecords }) => sum + lagRecords, 0n) <= waitingMaxCount) return;
    await pause(waitingPollMs, undefined, { signal });
  }
}

/** Waits until the ledger has settled all present records of the order topics, without a time limit. */
async function untilSettled(eventLog: EventLog, { signal }: JobContext): Promise<void> {
  for (const { topic } of [topics.orders, topics.ordersBackfill]) {
    const positions: Position[] = (await eventLog.bounds(topic))
      .filter(({ start, end }) => end > start)
      .map(({ partition, end }) => ({ partition, offset: end - 1n }));
    const stallMaxMs = Number.POSITIVE_INFINITY;
    await waitUntilSettled(eventLog, { topic, group: LEDGER_GROUP, positions, signal, stallMaxMs });
  }
}
