import type { Database } from "@tillcast/core/database";
import { LRUCache } from "lru-cache";
import type { FeedStamp } from "../orders/stamp-context.ts";
import { type FeedName, feedNameKey, loadFeeds, saveFeeds } from "./feed-rows.ts";
import {
  feedNameOf,
  type Place,
  type ResolvedPlace,
  resolvePlace,
  storeIdsOf,
} from "./resolve-place.ts";
import { loadStores } from "./store-rows.ts";

/** Most places remembered: stores x sources of a large installation. */
export const PLACES_MAX_COUNT = 20_000;
/** How long a place is remembered, so that a change of settings or mapping shows within seconds. */
export const PLACE_TTL_MS = 5_000;

/** Finds the store, feed and settings of orders, mostly from memory. */
export interface KnownStores {
  /** Answers each place in the order given. Feeds that are new are written down, mapped or not. */
  resolve(tenantId: string, places: readonly Place[]): Promise<readonly ResolvedPlace[]>;
  /** Forgets everything, for example after a mapping changed in this process. */
  forget(): void;
}

/** Makes the look-up; only places whose store is known are remembered. */
export function makeKnownStores(database: Database): KnownStores {
  const remembered = new LRUCache<string, ResolvedPlace>({
    max: PLACES_MAX_COUNT,
    ttl: PLACE_TTL_MS,
  });
  return {
    async resolve(tenantId, places) {
      const keys = places.map((place) => placeKey(tenantId, place));
      const answers = new Map<string, ResolvedPlace>();
      const missing = new Map<string, Place>();
      places.forEach((place, at) => {
        const key = keys[at] as string;
        const known = remembered.get(key);
        if (known === undefined) missing.set(key, place);
        else answers.set(key, known);
      });
      for (const [key, answer] of await lookUp(database, tenantId, missing)) {
        answers.set(key, answer);
        if (answer.kind === "known") remembered.set(key, answer);
      }
      return keys.map((key) => answers.get(key) as ResolvedPlace);
    },
    forget: () => remembered.clear(),
  };
}

async function lookUp(
  database: Database,
  tenantId: string,
  places: ReadonlyMap<string, Place>,
): Promise<Map<string, ResolvedPlace>> {
  const answers = new Map<string, ResolvedPlace>();
  const named = [...places].flatMap(([key, place]) => {
    const name = feedNameOf(place);
    if (name !== undefined) return [{ key, place, name }];
    answers.set(key, { kind: "refused", fault: unnamed });
    return [];
  });
  if (named.length === 0) return answers;
  const names = named.map(({ name }) => name);
  const feeds = await loadFeeds(database, tenantId, names);
  const ids = named.flatMap(({ place, name }) => storeIdsOf(place, feeds.get(feedNameKey(name))));
  const stores = await loadStores(database, tenantId, [...new Set(ids)]);
  const resolved = named.map((one) => ({
    ...one,
    answer: resolvePlace(one.place, feeds.get(feedNameKey(one.name)), stores),
  }));
  const wanted = new Map<string, FeedName & { storeId: string | null }>();
  for (const { name, answer } of resolved) {
    const storeId = "store" in answer ? answer.store.storeId : null;
    const feed = feeds.get(feedNameKey(name));
    const isWritten = feed !== undefined && (feed.storeId !== null || storeId === null);
    if (isWritten || "fault" in answer || wanted.get(feedNameKey(name))?.storeId) continue;
    wanted.set(feedNameKey(name), { ...name, storeId });
  }
  const saved = await saveFeeds(database, tenantId, [...wanted.values()]);
  for (const { key, name, answer } of resolved) {
    const feed = saved.get(feedNameKey(name)) ?? feeds.get(feedNameKey(name));
    if ("fault" in answer) answers.set(key, { kind: "refused", fault: answer.fault });
    else if ("reason" in answer) {
      answers.set(key, { kind: "unknown", locationId: name.locationId, reason: answer.reason });
    } else if (feed?.storeId === answer.store.storeId) {
      answers.set(key, { kind: "known", store: answer.store, feed: feed satisfies FeedStamp });
    } else answers.set(key, { kind: "refused", fault: mappedElsewhere(feed?.storeId) });
  }
  return answers;
}

const unnamed = { field: "storeId", reason: "is missing; name the store by storeId or locationId" };

/** Two orders of one request, or two requests at once, named two stores for one location. */
function mappedElsewhere(storeId: string | null | undefined) {
  return { field: "locationId", reason: `belongs to another store, ${storeId ?? "unknown"}` };
}

function placeKey(tenantId: string, place: Place): string {
  const { source, accountId, locationId = "", storeId = "" } = place;
  return `${tenantId}\0${source}\0${accountId}\0${locationId}\0${storeId}`;
}
