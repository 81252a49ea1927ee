import type { Database } from "@tillcast/core/database";
import { LRUCache } from "lru-cache";
import type { FeedContext } from "../orders/order-context.ts";
import { feedsLeft, feedTooMany } from "./feed-quota.ts";
import { type FeedName, feedNameKey, findFeeds, saveFeeds } from "./feed-rows.ts";
import {
  feedNameOf,
  type OrderOrigin,
  type ResolvedOrigin,
  resolveStore,
  storeIdsOf,
} from "./resolve-store.ts";
import { loadStoreContexts } from "./store-rows.ts";

/** Most origins in the cache: stores x sources of a large installation. */
export const ORIGINS_MAX_COUNT = 20_000;
/** How long an origin is cached. A change of settings or mapping takes effect within this time. */
export const ORIGIN_TTL_MS = 5_000;

/** Finds the store, feed and settings of orders, mostly from a cache. */
export interface StoreLookup {
  /** Resolves each origin, at the same index. Stores new feeds, mapped or not. */
  resolve(tenantId: string, origins: readonly OrderOrigin[]): Promise<readonly ResolvedOrigin[]>;
  /** Clears the cache, for example after a mapping changed in this process. */
  forget(): void;
}

/**
 * Makes the lookup. It caches only origins whose store is known. Without a limit of feeds, as for files that
 * a person imports, every new one is made.
 */
export function makeStoreLookup(
  database: Database,
  { feedsMax }: { readonly feedsMax: number } = { feedsMax: Number.POSITIVE_INFINITY },
): StoreLookup {
  const remembered = new LRUCache<string, ResolvedOrigin>({
    max: ORIGINS_MAX_COUNT,
    ttl: ORIGIN_TTL_MS,
  });
  return {
    async resolve(tenantId, origins) {
      const keys = origins.map((origin) => originKey(tenantId, origin));
      const answers = new Map<string, ResolvedOrigin>();
      const missing = new Map<string, OrderOrigin>();
      origins.forEach((origin, at) => {
        const key = keys[at] as string;
        const known = remembered.get(key);
        if (known === undefined) missing.set(key, origin);
        else answers.set(key, known);
      });
      for (const [key, answer] of await lookUp(database, tenantId, missing, feedsMax)) {
        answers.set(key, answer);
        if (answer.kind === "known") remembered.set(key, answer);
      }
      return keys.map((key) => answers.get(key) as ResolvedOrigin);
    },
    forget: () => remembered.clear(),
  };
}

async function lookUp(
  database: Database,
  tenantId: string,
  origins: ReadonlyMap<string, OrderOrigin>,
  feedsMax: number,
): Promise<Map<string, ResolvedOrigin>> {
  const answers = new Map<string, ResolvedOrigin>();
  const named = [...origins].flatMap(([key, origin]) => {
    const name = feedNameOf(origin);
    if (name !== undefined) return [{ key, origin, name }];
    answers.set(key, { kind: "refused", fault: unnamed });
    return [];
  });
  if (named.length === 0) return answers;
  const names = named.map(({ name }) => name);
  const feeds = await findFeeds(database, tenantId, names);
  const ids = named.flatMap(({ origin, name }) => storeIdsOf(origin, feeds.get(feedNameKey(name))));
  const stores = await loadStoreContexts(database, tenantId, [...new Set(ids)]);
  const resolved = named.map((one) => ({
    ...one,
    answer: resolveStore(one.origin, feeds.get(feedNameKey(one.name)), stores),
  }));
  const wanted = new Map<string, FeedName & { storeId: string | null }>();
  for (const { name, answer } of resolved) {
    const storeId = "store" in answer ? answer.store.storeId : null;
    const feed = feeds.get(feedNameKey(name));
    const isWritten = feed !== undefined && (feed.storeId !== null || storeId === null);
    if (isWritten || "fault" in answer || wanted.get(feedNameKey(name))?.storeId) continue;
    wanted.set(feedNameKey(name), { ...name, storeId });
  }
  const made = [...wanted.keys()].filter((key) => !feeds.has(key));
  const left = made.length === 0 ? 0 : await feedsLeft(database, tenantId, feedsMax);
  const surplus = new Set(made.slice(left));
  for (const key of surplus) wanted.delete(key);
  const saved = await saveFeeds(database, tenantId, [...wanted.values()]);
  for (const { key, name, answer } of resolved) {
    const feed = saved.get(feedNameKey(name)) ?? feeds.get(feedNameKey(name));
    if ("fault" in answer) answers.set(key, { kind: "refused", fault: answer.fault });
    else if (surplus.has(feedNameKey(name))) {
      answers.set(key, { kind: "refused", fault: feedTooMany(feedsMax) });
    } else if ("reason" in answer) {
      answers.set(key, { kind: "unknown", locationId: name.locationId, reason: answer.reason });
    } else if (feed?.storeId === answer.store.storeId) {
      answers.set(key, { kind: "known", store: answer.store, feed: feed satisfies FeedContext });
    } else answers.set(key, { kind: "refused", fault: mappedElsewhere(feed?.storeId) });
  }
  return answers;
}

const unnamed = { field: "storeId", reason: "is missing; name the store by storeId or locationId" };

/** Two orders, perhaps of two requests, named different stores for one location. */
function mappedElsewhere(storeId: string | null | undefined) {
  return { field: "locationId", reason: `belongs to another store, ${storeId ?? "unknown"}` };
}

function originKey(tenantId: string, origin: OrderOrigin): string {
  const { source, accountId, locationId = "", storeId = "" } = origin;
  return `${tenantId}\0${source}\0${accountId}\0${locationId}\0${storeId}`;
}
