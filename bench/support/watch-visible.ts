import type { Pool } from "pg";
import { storeIdOf } from "./snapshots.ts";
import type { SteadyOrders } from "./steady-orders.ts";

/** What the reader adds to a delay, half of this and its own statement, is part of the figure. */
const pollMs = 2;
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
    /** How many come, unless they are stopped before. */
    readonly total: number;
  },
): Promise<Watched> {
  const { visible, before } = watched;
  let { total } = watched;
  const handed: number[] = [];
  const appended: number[] = [];
  const stores = [...steady.handedAtMs.keys()];
  const counts = new Map<number, number>();
  let seen = 0;
  let giveUpAt = Number.POSITIVE_INFINITY;
  void steady.done.then(() => {
    total = steady.orders.length;
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

const dayMs = 86_400_000;

/** Orders in the daily tier of yesterday and later, which history is not, by store. */
export async function visibleToday(pool: Pool): Promise<VisibleOrders> {
  const { rows } = await pool.query<{ store_id: string; orders: number }>({
    name: "bench-visible-today",
    text: `select store_id, sum(orders)::int as orders from rollup_day
           where business_date >= $1 group by store_id`,
    values: [new Date(Date.now() - dayMs).toISOString().slice(0, 10)],
  });
  return new Map(rows.map((row) => [row.store_id, row.orders]));
}
