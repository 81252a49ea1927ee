import type { OrderSnapshot } from "@tillcast/schemas";

/**
 * A second reading of docs/push-api.md and ADR 21, in another style than the fold and without any of its
 * code: the money of a bill lies in envelopes, and whoever gives something back takes it out of them.
 */
export interface Envelope {
  /** Which column of the ledger it belongs to; `none` for gift cards and the like. */
  readonly sum: string;
  readonly line: string | null;
  readonly charge: string | null;
  readonly kind: string | null;
  money: bigint;
  /** What a void took out and nobody has been given yet. */
  undone: bigint;
}

export type Refund = OrderSnapshot["refunds"][number];

/** The envelopes that a refund names, in the order in which they are emptied; null for the whole bill. */
export function namedParts(
  { lineKey, chargeKind }: Refund,
  order: OrderSnapshot,
  envelopes: readonly Envelope[],
): Envelope[][] | null {
  const lineOf = new Map(order.lines.map((line) => [line.key, line]));
  function ancestors(key: string): string[] {
    const parent = lineOf.get(key)?.parentKey ?? null;
    return parent === null ? [] : [parent, ...ancestors(parent)];
  }
  const chargesOf = new Map(order.charges.map((charge) => [charge.key, charge.lineKey]));
  const belongs = (keys: readonly string[]) => (envelope: Envelope) => {
    const key = envelope.line ?? chargesOf.get(envelope.charge ?? "") ?? null;
    if (chargeKind !== null && envelope.kind !== chargeKind) return false;
    return key !== null && keys.includes(key);
  };
  if (lineKey !== null && lineOf.has(lineKey)) {
    const below: string[] = [];
    for (const { key } of order.lines) if (ancestors(key).includes(lineKey)) below.push(key);
    return [envelopes.filter(belongs([lineKey])), envelopes.filter(belongs(below))];
  }
  if (chargeKind === null) return null;
  return [envelopes.filter(({ kind }) => kind === chargeKind)];
}
