import {
  contentHashOf,
  type Numbering,
  numberSpaceOf,
  type OrderSnapshot,
  orderKeyOf,
} from "@tillcast/schemas";
import { datesOf, type StoreTime } from "../orders/order-dates.ts";

/** What decides an order's name: the feed's numbering, and when the store's business date turns. */
export interface NamingRule extends StoreTime {
  readonly numbering: Numbering;
  /** The feed's revision, which makes the order's new picture newer than the last one. */
  readonly mappingRevision: number;
}

/**
 * Renames an order as its feed's numbering now demands. If the ledger knows it under another name (`knownAs`,
 * the key of its head; null if it is not counted), the result tells which name it leaves. Pure. The ledger
 * moves the order once, however often this picture comes.
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
  // An order that a person decided to be a sale of its own keeps its name.
  const isDecided = order.nameDecision === "another_sale";
  const renamed: OrderSnapshot = {
    ...order,
    numbering: rule.numbering,
    numberSpace: isDecided ? order.numberSpace : numberSpaceOf(numbered, rule.numbering),
    formerKey: null,
    nameDecision: isDecided ? order.nameDecision : null,
    version: { ...order.version, mappingRevision },
  };
  // The hash also covers the mapping revision.
  const hash = contentHashOf(renamed);
  const hashed = { ...renamed, version: { ...renamed.version, hash } };
  const isMoved = knownAs !== null && !orderKeyOf(renamed).equals(knownAs);
  return isMoved ? { ...hashed, formerKey: knownAs.toString("hex") } : hashed;
}
