import { countedAtOf, namesLine, type OrderSnapshot, takeBacks } from "@tillcast/schemas";
import type { Fault } from "./faults.ts";

type Refund = OrderSnapshot["refunds"][number];

/** True for a source that reads our answer and sends a corrected order. Vendors and files do not. */
export const isAnswered = (source: OrderSnapshot["source"]): boolean =>
  source === "push" || source === "simulator";

/**
 * Finds refunds that give back more than is left of what they refer to. A sender that reads our answer must
 * correct it. From a vendor or a file it is counted, with the rest in `unreconciled`. Orders that do not count
 * yet are not checked, because their bill may still grow.
 */
export function checkTakenBack(order: OrderSnapshot, faults: Fault[]): void {
  if (order.refunds.length === 0 || !isAnswered(order.source)) return;
  if (order.testMode || order.status === "deleted" || order.kind === "non_revenue") return;
  checkNames(order, faults);
  const countedAt = countedAtOf(order, order.countedWhen);
  if (countedAt === null) return;
  const places = new Map(order.refunds.map(({ key }, at) => [key, at]));
  for (const { cause, key, excess, tipExcess } of takeBacks(order, countedAt)) {
    const at = cause === "refund" ? places.get(key) : undefined;
    const refund = at === undefined ? undefined : order.refunds[at];
    if (refund === undefined) continue;
    const most = (given: bigint, over: bigint, of: string): string =>
      `must be at most ${given - over}, what is left of ${of}; got ${given}`;
    if (excess > 0n) {
      const reason = most(refund.amount, excess, subjectOf(refund));
      faults.push({ field: `refunds[${at}].amount`, reason });
    }
    if (tipExcess > 0n) {
      faults.push({ field: `refunds[${at}].tip`, reason: most(refund.tip, tipExcess, "the tips") });
    }
  }
}

function checkNames(order: OrderSnapshot, faults: Fault[]): void {
  order.refunds.forEach((refund, at) => {
    if (refund.lineKey === null || namesLine(refund, order)) return;
    const reason = `must be the key of one of the order's lines; got ${JSON.stringify(refund.lineKey)}`;
    faults.push({ field: `refunds[${at}].lineKey`, reason });
  });
}

function subjectOf({ lineKey, chargeKind }: Refund): string {
  const charges = chargeKind === null ? "" : `the charges of kind "${chargeKind}"`;
  if (lineKey === null) return charges === "" ? "the bill" : charges;
  const line = `line ${JSON.stringify(lineKey)}`;
  return charges === "" ? `${line} with its tax and charges` : `${charges} of ${line}`;
}
