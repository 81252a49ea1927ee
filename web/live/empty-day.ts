import { daysBetween } from "@tillcast/schemas/browser";
import type { DayPicture } from "./day-picture.ts";

/**
 * Why a day has nothing to draw: a day of the past without sales, a store whose sales were imported and
 * end earlier, a store that never sold, or a day that has not begun and of which nothing is expected.
 */
export type EmptyDay = "past" | "imported" | "never" | "today";

/** Undefined where there is something to draw; rows of zeros and an axis of nothing are not. */
export function emptyDay(picture: DayPicture): EmptyDay | undefined {
  const { net, orders, quarters, steps, phase, lastSalesDate, businessDate, freshness } = picture;
  const isSold = net !== 0n || orders > 0 || [...quarters.values()].some((one) => one.net !== 0n);
  if (isSold) return undefined;
  if (phase === "past") return "past";
  if (steps.length > 0) return undefined;
  if (lastSalesDate === null) return "never";
  const isSilent = freshness.state === "unknown" && freshness.dataUntil === null;
  return isSilent && daysBetween(lastSalesDate, businessDate) > 1 ? "imported" : "today";
}
