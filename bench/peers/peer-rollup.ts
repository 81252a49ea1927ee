import pg from "pg";
import type { VisibleOrders } from "../support/watch-visible.ts";
import { type Rollup, rowKey } from "./expected-rollup.ts";
import type { RollupTable } from "./peer.ts";

/** Reads a peer's rollup over a connection of its own, whose cost is not the peer's. */
export interface RollupReader {
  /** `orders/net` over all rows. */
  totals(): Promise<string>;
  rows(): Promise<Rollup>;
  /** Orders of live windows, by store. */
  live(): Promise<VisibleOrders>;
}

/** The session that reads; its process id tells how much of the database's time is the bench's own. */
export async function openReader(url: string): Promise<{ client: pg.Client; pid: number }> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query("select pg_backend_pid() as pid");
  return { client, pid: rows[0].pid };
}

/** Makes the reader of one peer's rollup; live windows are those from an instant on. */
export function makeRollupReader(
  client: pg.Client,
  { table, channel, windowStart, isLive }: RollupTable,
  live: { readonly fromMs: number; readonly storeIds: readonly string[] },
): RollupReader {
  return {
    async totals() {
      const { rows } = await client.query<{ totals: string }>(
        `select concat(coalesce(sum(orders), 0), '/', coalesce(sum(net), 0)) as totals from ${table}`,
      );
      return rows[0]?.totals ?? "";
    },
    async rows() {
      const { rows } = await client.query<
        Record<"store" | "channel" | "start" | "net" | "orders", string>
      >(
        `select store_id as store, ${channel} as channel, ${windowStart} as start,
                sum(net) as net, sum(orders) as orders
         from ${table} group by 1, 2, 3 having sum(net) <> 0 or sum(orders) <> 0`,
      );
      return new Map(
        rows.map((row) => [
          rowKey(row.store, row.channel, Number(row.start)),
          { net: Number(row.net), orders: Number(row.orders) },
        ]),
      );
    },
    async live() {
      const { rows } = await client.query<{ store: string; orders: number }>({
        name: `live-${table}`,
        text: `select store_id as store, sum(orders)::int as orders from ${table}
               where store_id = any($2::uuid[]) and ${isLive} group by store_id`,
        values: [live.fromMs, live.storeIds],
      });
      return new Map(rows.map((row) => [row.store, row.orders]));
    },
  };
}
