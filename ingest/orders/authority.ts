import type { FeedContext } from "./order-context.ts";

type Authority = Pick<FeedContext, "authorityFrom" | "authorityTo">;

/** Why an order of this business date is not counted; null if its feed is the authority for the date. */
export function withheldBecause(feed: Authority, businessDate: string): string | null {
  const { authorityFrom, authorityTo } = feed;
  const isBefore = authorityFrom !== null && businessDate < authorityFrom;
  const isAfter = authorityTo !== null && businessDate > authorityTo;
  if (!isBefore && !isAfter) return null;
  return `kept, not counted: this feed is the authority ${stretchOf(feed)}`;
}

function stretchOf({ authorityFrom, authorityTo }: Authority): string {
  if (authorityFrom === null) return `until ${spoken(authorityTo)}`;
  if (authorityTo === null) return `from ${spoken(authorityFrom)} on`;
  return `from ${spoken(authorityFrom)} until ${spoken(authorityTo)}`;
}

const months = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const;

/** `2026-03-03` as `3 March 2026`. */
function spoken(date: string | null): string {
  const [year, month, day] = (date ?? "").split("-").map(Number);
  return `${day} ${months[(month ?? 1) - 1]} ${year}`;
}
