import { businessDateOf, zonedDateOf } from "@tillcast/schemas";
import type { StoreContext } from "./order-context.ts";

/** What decides the dates of a store. */
export type StoreTime = Pick<StoreContext, "timeZone" | "zones" | "closeouts">;

/** The business dates of one order at one store. */
export interface OrderDates {
  readonly ofOrder: string;
  /** The zone of the order's date. */
  readonly timeZone: string;
  /** The date of a part at an instant. A date from the sender is kept. */
  at(instant: number, given: string | null | undefined): string;
  ofPart(instant: number | null | undefined, given: string | null | undefined): string | null;
}

/**
 * Computes the business dates of an order's parts. If the vendor gave the order's date, parts on the same
 * trading day get the same date, so that a sale and its payment have one date.
 */
export function datesOf(
  givenForOrder: string | null | undefined,
  store: StoreTime,
  orderAt: number,
): OrderDates {
  const { timeZone, businessDate: derived } = dateAtStore(orderAt, store);
  const ofOrder = givenForOrder ?? derived;
  const at = (instant: number, given: string | null | undefined): string => {
    if (given !== null && given !== undefined) return given;
    const date = instant === orderAt ? derived : dateAtStore(instant, store).businessDate;
    return date === derived ? ofOrder : date;
  };
  return {
    ofOrder,
    timeZone,
    at,
    ofPart: (instant, given) =>
      instant === null || instant === undefined ? null : at(instant, given),
  };
}

function dateAtStore(instant: number, { timeZone, zones, closeouts }: StoreTime) {
  if (zones.length > 0) return zonedDateOf(instant, zones, closeouts);
  return { timeZone, businessDate: businessDateOf(instant, timeZone, closeouts) };
}
