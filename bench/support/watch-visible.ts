import { storeIdOf } from "./snapshots.ts";
import type { SteadyOrders } from "./steady-orders.ts";

const pollMs = 4;
/** How long after the last append orders may still become visible. */
const graceMs = 10_000;

/** How many orders a reader of the rollups sees, by store id. */
export type VisibleOrders = ReadonlyMap<string, number>;

/** How long orders took, in milliseconds, and how many became visible in time. */
export interface Watched {
  readonly handed: readonly number[];
  readonly appended: readonly number[];
  readonly seen: number;
}

/** Polls until every order is visible, and answers how long each one took. */
export async function watchVisible(
  steady: SteadyOrders,
  watched: {
    readonly visible: () => Promise<VisibleOrders>;
    /** What was visible before the first of them was handed over. */
    readonly before: VisibleOrders;
    readonly total: number;
  },
): Promise<Watched> {
  const { visible, before, total } = watched;
  const handed: number[] = [];
  const appended: number[] = [];
  const stores = [...steady.handedAtMs.keys()];
  const counts = new Map<number, number>();
  let seen = 0;
  let giveUpAt = Number.POSITIVE_INFINITY;
  void steady.done.then(() => {
    giveUpAt = performance.now() + graceMs;
  });
  while (seen < total && performance.now() < giveUpAt) {
    const now = await visible();
    const at = performance.now();
    for (const store of stores) {
      const storeId = storeIdOf(store);
      const count = (now.get(storeId) ?? 0) - (before.get(storeId) ?? 0);
      for (let index = counts.get(store) ?? 0; index < count; index += 1) {
        handed.push(at - (steady.handedAtMs.get(store)?.[index] ?? at));
        // It may be visible before the log's answer arrived here.
        appended.push(Math.max(0, at - (steady.appendedAtMs.get(store)?.[index] ?? at)));
        seen += 1;
      }
      counts.set(store, count);
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  await steady.done;
  return { handed, appended, seen };
}
