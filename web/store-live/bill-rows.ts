import type { EntryRow } from "@tillcast/schemas/browser";
import { exactMoney } from "../format/numbers.ts";
import { text } from "../i18n/text.ts";

/** The parts of a net, which add up to it, and what is no part of it. Minor units. */
export interface BillSum {
  readonly lines: bigint;
  readonly discount: bigint;
  readonly includedTax: bigint;
  readonly charges: bigint;
  readonly refund: bigint;
  readonly void: bigint;
  readonly net: bigint;
  readonly tax: bigint;
  readonly tip: bigint;
  readonly otherCharges: bigint;
}

/** One order with all of its ledger entries that were read. */
export interface BillRow {
  readonly key: string;
  readonly entry: EntryRow;
  /** When it counts: its first entry's moment. */
  readonly countedAt: string;
  readonly sum: BillSum;
  /** What became of it since it first counted, in words; none of a plain sale. */
  readonly changes: readonly string[];
}

/** Folds the versions of each order into one row, at the place of its first entry. */
export function billRows(entries: readonly EntryRow[]): BillRow[] {
  const bills = new Map<string, EntryRow[]>();
  for (const entry of entries) {
    const { source, accountId, orderId } = entry.order;
    const key = [source, accountId, orderId, entry.currency].join("\u0000");
    const known = bills.get(key);
    if (known === undefined) bills.set(key, [entry]);
    else known.push(entry);
  }
  return [...bills].map(([key, versions]) => billRow(key, versions));
}

function billRow(key: string, versions: readonly EntryRow[]): BillRow {
  const inOrder = versions.toSorted((a, b) => a.recordedAt.localeCompare(b.recordedAt));
  const entry = inOrder.at(-1) as EntryRow;
  const countedAt = (versions[0] as EntryRow).countedAt;
  return { key, entry, countedAt, sum: billSum(versions), changes: changesOf(inOrder) };
}

/** Adds the parts of an order's entries up. */
export function billSum(versions: readonly EntryRow[]): BillSum {
  const sumOf = (part: (entry: EntryRow) => string): bigint =>
    versions.reduce((sum, entry) => sum + BigInt(part(entry)), 0n);
  const lines = sumOf(({ gross }) => gross);
  const discount = sumOf(({ discount: amount }) => amount);
  const includedTax = sumOf((entry) => entry.includedTax);
  const refund = sumOf(({ refund: amount }) => amount);
  const voided = sumOf(({ void: amount }) => amount);
  const net = sumOf(({ net: amount }) => amount);
  return {
    lines,
    discount,
    includedTax,
    charges: sumOf(({ charges }) => charges),
    refund,
    void: voided,
    net,
    tax: sumOf(({ tax }) => tax),
    tip: sumOf(({ tip }) => tip),
    otherCharges: sumOf((entry) => entry.otherCharges),
  };
}

/** "Corrected: €22.50 → €18.00", "Corrected: Takeaway → Dine in", "Refund €5.00", "Voided". */
function changesOf(inOrder: readonly EntryRow[]): string[] {
  const words: string[] = [];
  const money = (amount: bigint) => exactMoney(amount, (inOrder[0] as EntryRow).currency);
  const [first] = inOrder;
  const refund = inOrder.reduce((sum, entry) => sum + BigInt(entry.refund), 0n);
  const isVoided = inOrder.some((entry) => BigInt(entry.void) > 0n);
  if (isVoided) words.push(text("drill.void"));
  if (refund !== 0n) words.push(text("drill.refundOf", { amount: money(refund) }));
  if (first === undefined || words.length > 0) return words;
  if (inOrder.length === 1) return first.kind === "correction" ? [text("drill.edit")] : words;
  const before = totalOf(inOrder.filter(({ recordedAt }) => recordedAt === first.recordedAt));
  const after = totalOf(inOrder);
  if (before.net !== after.net) {
    words.push(text("drill.corrected", { from: money(before.net), to: money(after.net) }));
  }
  if (before.channel !== after.channel) {
    const [from, to] = [before.channel, after.channel].map((name) => text(`channel.${name}`));
    words.push(text("drill.corrected", { from: from ?? "", to: to ?? "" }));
  }
  return words.length > 0 ? words : [text("drill.edit")];
}

/** The net of some entries, and the channel on which it stands. */
function totalOf(entries: readonly EntryRow[]): {
  readonly net: bigint;
  readonly channel: EntryRow["channel"];
} {
  const byChannel = new Map<EntryRow["channel"], bigint>();
  let net = 0n;
  for (const entry of entries) {
    net += BigInt(entry.net);
    byChannel.set(entry.channel, (byChannel.get(entry.channel) ?? 0n) + BigInt(entry.net));
  }
  const standing = [...byChannel].findLast(([, amount]) => amount !== 0n);
  return { net, channel: standing?.[0] ?? (entries.at(-1) as EntryRow).channel };
}
