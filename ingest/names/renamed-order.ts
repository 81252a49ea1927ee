import {
  contentHashOf,
  type Numbering,
  numberSpaceOf,
  type OrderSnapshot,
  orderKeyOf,
} from "@tillcast/schemas";
import { datesOf, type StoreTime } from "../orders/order-dates.ts";

/** What names an order: its feed's numbering, and how its store turns the business date. */
export interface NamingRule extends StoreTime {
  readonly numbering: Numbering;
  /** The feed's revision, by which the order's new picture is newer than the one before. */
  readonly mappingRevision: number;
}

/**
 * An order under the name that its feed's numbering gives it now. Where that is another than the one it is
 * known under (`knownAs`, its head's key; null where it is counted nowhere), it says which one it leaves.
 * Pure; the ledger moves it, once, however often it comes.
 */
export function renamedOrder(
  order: OrderSnapshot,
  rule: NamingRule,
  knownAs: Buffer | null,
): OrderSnapshot {
  const { source, accountId, locationId, registerId } = order;
  const given = order.businessDateFrom === "vendor" ? order.businessDate : undefined;
  const openedOn = datesOf(given, rule, order.openedAt).ofOrder;
  const numbered = { source, accountId, locationId, registerId, openedOn };
  const mappingRevision = Math.max(rule.mappingRevision, order.version.mappingRevision);
  // What a person said to be a sale of its own keeps the name that this gave it.
  const isDecided = order.nameDecision === "another_sale";
  const renamed: OrderSnapshot = {
    ...order,
    numbering: rule.numbering,
    numberSpace: isDecided ? order.numberSpace : numberSpaceOf(numbered, rule.numbering),
    formerKey: null,
    nameDecision: isDecided ? order.nameDecision : null,
    version: { ...order.version, mappingRevision },
  };
  // A hash is of the mapping's revision too.
  const hash = contentHashOf(renamed);
  const hashed = { ...renamed, version: { ...renamed.version, hash } };
  const isMoved = knownAs !== null && !orderKeyOf(renamed).equals(knownAs);
  return isMoved ? { ...hashed, formerKey: knownAs.toString("hex") } : hashed;
}
