import type { OrderSnapshot } from "@tillcast/schemas";

/** Net and orders of each row of a 15-minute rollup, by `store|channel|windowStart`. */
export type Rollup = ReadonlyMap<string, { readonly net: number; readonly orders: number }>;

const windowMs = 900_000;

/** The name of a row. */
export const rowKey = (storeId: string, channel: string, windowStart: number): string =>
  `${storeId}|${channel}|${windowStart}`;

/**
 * What a rollup must hold after these snapshots: the newest version of each order, summed. It shares no
 * code with anything that is measured.
 */
export function expectedRollup(snapshots: Iterable<OrderSnapshot>): Rollup {
  const newest = new Map<string, OrderSnapshot>();
  for (const snapshot of snapshots) {
    const held = newest.get(snapshot.orderId);
    if (held === undefined || snapshot.version.vendorVersion > held.version.vendorVersion) {
      newest.set(snapshot.orderId, snapshot);
    }
  }
  const rows = new Map<string, { net: number; orders: number }>();
  for (const { storeId, channel, status, paidAt, lines } of newest.values()) {
    if (status !== "closed" || paidAt === null) continue;
    const key = rowKey(storeId, channel, Math.floor(paidAt / windowMs) * windowMs);
    const row = rows.get(key) ?? { net: 0, orders: 0 };
    for (const line of lines) row.net += Number(line.net);
    row.orders += 1;
    rows.set(key, row);
  }
  return rows;
}

/** All of a rollup's orders and net, as `orders/net`. */
export function totalsOf(rollup: Rollup): string {
  let [orders, net] = [0, 0];
  for (const row of rollup.values()) {
    orders += row.orders;
    net += row.net;
  }
  return `${orders}/${net}`;
}

/** How many rows differ. */
export function rowsThatDiffer(expected: Rollup, found: Rollup): number {
  const keys = new Set([...expected.keys(), ...found.keys()]);
  return [...keys].filter((key) => {
    const [wanted, there] = [expected.get(key), found.get(key)];
    return wanted?.net !== there?.net || wanted?.orders !== there?.orders;
  }).length;
}
