import type { OrderSnapshot } from "@tillcast/schemas";

/** Net and orders of each row of a 15-minute rollup, by `store|channel|windowStart`. */
export type Rollup = ReadonlyMap<string, { readonly net: number; readonly orders: number }>;

/** What a rollup must hold after the snapshots that were added: the newest version of each order, summed. */
export interface ExpectedRollup {
  add(snapshots: Iterable<OrderSnapshot>): void;
  /** How many snapshots were added. */
  records(): number;
  rollup(): Rollup;
}

const windowMs = 900_000;

/** The name of a row. */
export const rowKey = (storeId: string, channel: string, windowStart: number): string =>
  `${storeId}|${channel}|${windowStart}`;

/** Begins with nothing. It shares no code with anything that is measured. */
export function makeExpectedRollup(): ExpectedRollup {
  const newest = new Map<string, { version: number; row: string | null; net: number }>();
  let records = 0;
  return {
    add(snapshots) {
      for (const { orderId, version, storeId, channel, status, paidAt, lines } of snapshots) {
        records += 1;
        const { vendorVersion } = version;
        if ((newest.get(orderId)?.version ?? -1) >= vendorVersion) continue;
        const isCounted = status === "closed" && paidAt !== null;
        const windowStart = Math.floor((paidAt ?? 0) / windowMs) * windowMs;
        newest.set(orderId, {
          version: vendorVersion,
          row: isCounted ? rowKey(storeId, channel, windowStart) : null,
          net: lines.reduce((sum, line) => sum + Number(line.net), 0),
        });
      }
    },
    records: () => records,
    rollup() {
      const rows = new Map<string, { net: number; orders: number }>();
      for (const { row, net } of newest.values()) {
        if (row === null) continue;
        const sum = rows.get(row) ?? { net: 0, orders: 0 };
        sum.net += net;
        sum.orders += 1;
        rows.set(row, sum);
      }
      return rows;
    },
  };
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
