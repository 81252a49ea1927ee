import { cutText, DAY_MS, epochDayOf, isDate, type OrderPush } from "@tillcast/schemas";
import type { Fault } from "./faults.ts";

/** The earliest instant accepted. Older ones come from broken clocks. */
export const INSTANT_MIN_MS: number = Date.UTC(2000, 0, 1);
/** How far after its receipt an instant may be. Catering is ordered a year ahead. */
export const INSTANT_AHEAD_MAX_MS: number = 400 * DAY_MS;
/** How far ahead a modified time may be. A later one would block every following version. */
export const VERSION_AHEAD_MAX_MS: number = DAY_MS;
/** How long before its start an order may end, because terminals' clocks differ. */
export const CLOCKS_APART_MAX_MS: number = DAY_MS;

/** Finds impossible instants and dates: out of range, or an end long before the start. */
export function checkInstants(order: OrderPush, receivedAt: number, faults: Fault[]): void {
  const latestMs = receivedAt + INSTANT_AHEAD_MAX_MS;
  const latestDay = Math.floor(latestMs / DAY_MS) + 1;
  const instant = (field: string, value: number | null | undefined): void => {
    if (value === null || value === undefined) return;
    if (value >= INSTANT_MIN_MS && value <= latestMs) return;
    const shown = new Date(value).toISOString();
    faults.push({
      field,
      reason: `must lie between 2000-01-01 and 400 days from now; got ${shown}`,
    });
  };
  const date = (field: string, value: string | null | undefined): void => {
    if (value === null || value === undefined) return;
    if (isDate(value) && value >= "2000-01-01" && epochDayOf(value) <= latestDay) return;
    faults.push({
      field,
      reason: `must lie between 2000-01-01 and 400 days from now; got ${cutText(value)}`,
    });
  };
  const ending = (field: string, value: number | null | undefined): void => {
    instant(field, value);
    if (value === null || value === undefined) return;
    if (value >= order.openedAt - CLOCKS_APART_MAX_MS) return;
    faults.push({ field, reason: "must not lie more than a day before openedAt" });
  };
  instant("openedAt", order.openedAt);
  ending("closedAt", order.closedAt);
  ending("paidAt", order.paidAt);
  ending("voidedAt", order.voidedAt);
  date("businessDate", order.businessDate);
  date("voidBusinessDate", order.voidBusinessDate);
  order.lines.forEach((line, at) => {
    instant(`lines[${at}].voidedAt`, line.voidedAt);
    date(`lines[${at}].voidBusinessDate`, line.voidBusinessDate);
  });
  order.payments.forEach((payment, at) => {
    instant(`payments[${at}].at`, payment.at);
    date(`payments[${at}].businessDate`, payment.businessDate);
  });
  order.refunds.forEach((refund, at) => {
    instant(`refunds[${at}].at`, refund.at);
    date(`refunds[${at}].businessDate`, refund.businessDate);
  });
  checkVersion(order, receivedAt, faults);
}

function checkVersion(order: OrderPush, receivedAt: number, faults: Fault[]): void {
  const { kind, value } = order.version.vendorVersion;
  if (kind === "counter") return;
  const field = "version.vendorVersion";
  if (value < INSTANT_MIN_MS) faults.push({ field, reason: "must not lie before 2000-01-01" });
  if (value > receivedAt + VERSION_AHEAD_MAX_MS) {
    faults.push({ field, reason: "must not lie more than 24 hours ahead" });
  }
}
