import type { Position } from "@tillcast/event-log";
import { type OrderSnapshot, orderKeyText } from "@tillcast/schemas";
import type { ImportTally } from "./append-batch.ts";
import type { RowFault } from "./import-profile.ts";

/** Most unknown channel words in the notes of one import. */
const WORDS_MAX_COUNT = 20;

/** The counts of one import. */
export interface RunningTally extends ImportTally {
  /** Orders seen, good and bad. */
  orders(): number;
  counts(): { accepted: number; duplicates: number; rejected: number; net: bigint };
  /** The last position appended to each partition. */
  positions(): readonly Position[];
  /** Whether the files contain an order, by its name, or by its number if it was rejected. */
  isIn(order: { readonly key: string; readonly orderId: string }): boolean;
  /** The number of bad rows whose order is unknown. */
  namelessRows(): number;
  /** The number of orders that are not counted, by reason. */
  withheld(): ReadonlyMap<string, number>;
  notes(): readonly string[];
}

/** Makes a tally. It calls `onBadRow` with each fault. */
export function makeTally(onBadRow?: (fault: RowFault) => void): RunningTally {
  let accepted = 0;
  let duplicates = 0;
  let rejected = 0;
  let namelessRows = 0;
  let net = 0n;
  const last = new Map<number, bigint>();
  const keys = new Set<string>();
  const rejectedIds = new Set<string>();
  const withheld = new Map<string, number>();
  const words = new Map<string, number>();
  const take = (order: OrderSnapshot): void => {
    net += order.kind === "return" ? -order.totals.net : order.totals.net;
    keys.add(orderKeyText(order));
    if (order.withheld !== null) {
      withheld.set(order.withheld, (withheld.get(order.withheld) ?? 0) + 1);
    }
    const word = order.channelRaw;
    if (word === null || (!words.has(word) && words.size >= WORDS_MAX_COUNT)) return;
    words.set(word, (words.get(word) ?? 0) + 1);
  };
  return {
    accept(order) {
      accepted += 1;
      take(order);
    },
    duplicate(order) {
      duplicates += 1;
      take(order);
    },
    reject(faults) {
      rejected += 1;
      for (const fault of faults) {
        if (fault.orderId === null) namelessRows += 1;
        else rejectedIds.add(fault.orderId);
        onBadRow?.(fault);
      }
    },
    appended(positions) {
      for (const { partition, offset } of positions) {
        const before = last.get(partition);
        if (before === undefined || offset > before) last.set(partition, offset);
      }
    },
    orders: () => accepted + duplicates + rejected,
    counts: () => ({ accepted, duplicates, rejected, net }),
    positions: () => [...last].map(([partition, offset]) => ({ partition, offset })),
    isIn: ({ key, orderId }) => keys.has(key) || rejectedIds.has(numberOf(orderId)),
    namelessRows: () => namelessRows,
    withheld: () => withheld,
    notes: () =>
      [...words].map(
        ([word, count]) =>
          `the channel ${JSON.stringify(word)} is none that is known; ${count} of its orders count as "other"`,
      ),
  };
}

/** The number of the bill that a return refers to, or the order's own number. */
const numberOf = (orderId: string): string => orderId.replace(/:return:[^:]*:.*$/, "");

/** Notes the orders that are not counted, and returns their number. */
export function tellWithheld(
  tally: RunningTally,
  onNote: ((note: string) => void) | undefined,
): { readonly withheld?: number } {
  let withheld = 0;
  for (const [reason, count] of tally.withheld()) {
    withheld += count;
    onNote?.(`${count} orders are kept and not counted: ${reason}`);
  }
  return withheld === 0 ? {} : { withheld };
}
