import { businessDateOf, zonedDateOf } from "@tillcast/schemas";
import type { StoreStamp } from "./stamp-context.ts";

/** What of a store decides its dates. */
export type StoreTime = Pick<StoreStamp, "timeZone" | "zones" | "closeouts">;

/** The business dates of one order at one store. */
export interface OrderDates {
  readonly ofOrder: string;
  /** The zone in which the order's date is told. */
  readonly timeZone: string;
  /** The date of a part at an instant; the one that its sender gave stands. */
  at(instant: number, given: string | null | undefined): string;
  ofPart(instant: number | null | undefined, given: string | null | undefined): string | null;
}

/**
 * Business dates of an order's parts. Where the vendor named the order's own date, a part on the same
 * trading day shares it, so that a sale and its payment are not torn apart.
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
