import type { Numbering } from "./order-words.ts";

/** What decides where a number is one of many alike. */
export interface Numbered {
  readonly source: string;
  readonly accountId: string;
  readonly locationId: string;
  readonly registerId: string | null;
  /** Business date of the order's opening, by the vendor or by the store's zone and closeout. */
  readonly openedOn: string;
}

/** The account of a push that names none. */
export const DEFAULT_ACCOUNT_ID = "default";

/** Begins the number spaces of a location. */
const locationStart = "location:";

/** Whether a number belongs to its location already because the sender named no account. */
export function isDefaultAccount(order: {
  readonly source: string;
  readonly accountId: string;
}): boolean {
  return order.source === "push" && order.accountId === DEFAULT_ACCOUNT_ID;
}

/**
 * What joins the name of an order beside its source, account and number: its location where the sender named
 * no account or numbers repeat, then its register and its business day as the feed's numbering says. Null
 * where the number alone is enough.
 */
export function numberSpaceOf(order: Numbered, numbering: Numbering): string | null {
  const perRegister = numbering === "per_register" || numbering === "per_register_and_day";
  const perDay = numbering === "per_day" || numbering === "per_register_and_day";
  if (!isDefaultAccount(order) && !perRegister && !perDay) return null;
  let space = locationSpaceOf(order.locationId);
  if (perRegister) space += `/register:${encodeURIComponent(order.registerId ?? "")}`;
  if (perDay) space += `/day:${order.openedOn}`;
  return space;
}

/** The number space of a location alone. */
export const locationSpaceOf = (locationId: string): string =>
  `${locationStart}${encodeURIComponent(locationId)}`;

/** The space of a bill that a person said to be another sale than the one known under its name. */
export const decidedSpaceOf = (space: string | null, hash: string): string =>
  `${space === null ? "" : `${space}/`}decided:${hash.slice(0, 12)}`;

/**
 * Whether an order may be known without its number space: a push without account was named by account and
 * number alone in releases before.
 */
export function mayHaveFormerName(order: {
  readonly source: string;
  readonly accountId: string;
  readonly numberSpace: string | null;
}): boolean {
  return isDefaultAccount(order) && order.numberSpace?.startsWith(locationStart) === true;
}
