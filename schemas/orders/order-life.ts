import type { OrderSnapshot } from "./order-snapshot.ts";

/**
 * What tells one bill from another that bears the same number: where and when it was opened, and what is on
 * it. Two pictures of one bill agree in it however much was edited in between.
 */
export interface OrderLife {
  readonly storeId: string;
  readonly locationId: string;
  readonly registerId: string | null;
  /** UTC milliseconds. */
  readonly openedAt: number;
  /** Lines and payments as comparable texts; null where they were not kept. */
  readonly content: OrderContent | null;
}

/** What is on a bill. */
export interface OrderContent {
  readonly lines: readonly string[];
  readonly payments: readonly string[];
}

/** Pictures of one bill may be written to the minute in one message and to the second in another. */
export const SAME_OPENING_MS = 60_000;
/** Where nothing on two pictures is the same, only an opening at the same second makes them one bill. */
export const SAME_OPENING_BARE_MS = 1_000;

/** Takes from an order what tells its life. */
export function lifeOf(order: OrderSnapshot): OrderLife & { readonly content: OrderContent } {
  return {
    ...lifeMarksOf(order),
    content: {
      lines: order.lines.map((line) => `${line.itemId ?? ""}\0${line.name}\0${line.gross}`),
      payments: order.payments.map(
        ({ key, method, amount, at }) => `${key}\0${method}\0${amount}\0${at}`,
      ),
    },
  };
}

/** The same without what is on the bill: a few words to remember. */
export function lifeMarksOf(
  order: Pick<OrderSnapshot, "storeId" | "locationId" | "registerId" | "openedAt">,
): OrderLife {
  const { storeId, locationId, registerId, openedAt } = order;
  return { storeId, locationId, registerId, openedAt, content: null };
}

/**
 * Why two pictures under one name are not of one bill; undefined where they are. It does not matter which of
 * the two came first.
 *
 * A bill keeps the instant at which it was opened through all its edits, and no two bills share a payment of
 * the same instant. A line in common proves little: two guests order the same coffee, also at the same
 * number a day later. So an opening at another time makes another bill unless a payment says otherwise, and
 * another register makes another bill unless it was opened at the same time and something on it is the same.
 * Another store is another bill, except at one location, which was mapped anew.
 */
export function lifeDifference(known: OrderLife, arrived: OrderLife): string | undefined {
  const ofOtherStore = storeDifference(known, arrived);
  if (ofOtherStore !== undefined) return ofOtherStore;
  const paid = inCommon(known.content?.payments, arrived.content?.payments);
  if (paid) return undefined;
  const alike = inCommon(known.content?.lines, arrived.content?.lines);
  const apartMs = Math.abs(known.openedAt - arrived.openedAt);
  const nothingToCompare = isBare(known) || isBare(arrived);
  const nearMs = alike || nothingToCompare ? SAME_OPENING_MS : SAME_OPENING_BARE_MS;
  if (apartMs >= nearMs) {
    return `it was opened at ${textOf(arrived)}, and the order known under its number at ${textOf(known)}`;
  }
  if (registersDiffer(known, arrived) && !alike && !nothingToCompare) {
    return `it is of register ${arrived.registerId}, and the order known under its number, with nothing in common, of register ${known.registerId}`;
  }
  return undefined;
}

/** Why two pictures are of two stores' bills; undefined where one location was mapped to another store. */
export function storeDifference(known: BillPlace, arrived: BillPlace): string | undefined {
  if (known.storeId === arrived.storeId || known.locationId === arrived.locationId)
    return undefined;
  return `it is of another store, ${arrived.storeId}, than the order known under its number`;
}

/** Where a bill was opened. */
type BillPlace = Pick<OrderLife, "storeId" | "locationId">;

/** Whether two pictures are surely of one bill by where and when it was opened alone. */
export function isSurelySameLife(known: OrderLife, arrived: OrderLife): boolean {
  return (
    known.storeId === arrived.storeId &&
    Math.abs(known.openedAt - arrived.openedAt) < SAME_OPENING_BARE_MS &&
    !registersDiffer(known, arrived)
  );
}

const registersDiffer = (a: OrderLife, b: OrderLife): boolean =>
  a.registerId !== null && b.registerId !== null && a.registerId !== b.registerId;

/** A bill that was opened and has nothing on it yet. */
const isBare = ({ content }: OrderLife): boolean =>
  content !== null && content.lines.length === 0 && content.payments.length === 0;

function inCommon(one: readonly string[] = [], other: readonly string[] = []): boolean {
  if (one.length === 0 || other.length === 0) return false;
  const known = new Set(one);
  return other.some((text) => known.has(text));
}

const textOf = ({ openedAt }: OrderLife): string => new Date(openedAt).toISOString();
