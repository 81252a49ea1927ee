/** Where an order comes from. Prose says vendor, paths say provider, the field is `source`. */
export const orderSources = [
  "toast",
  "square",
  "clover",
  "lightspeed_k",
  "lightspeed_x",
  "revel",
  "loyverse",
  "shopify",
  "push",
  "file",
  "simulator",
] as const;
export type OrderSource = (typeof orderSources)[number];

/** `return` carries the sign of its amounts; an exchange's returned lines have a negative quantity. */
export const orderKinds = ["sale", "return", "exchange", "non_revenue"] as const;
export type OrderKind = (typeof orderKinds)[number];

export const orderStatuses = ["open", "closed", "voided", "deleted"] as const;
export type OrderStatus = (typeof orderStatuses)[number];

/** The order matters: rollups store a channel as its place in this list. Append only. */
export const orderChannels = [
  "dine_in",
  "takeout",
  "delivery",
  "drive_thru",
  "catering",
  "kiosk",
  "online",
  "other",
] as const;
export type OrderChannel = (typeof orderChannels)[number];

export const chargeKinds = [
  "service",
  "gratuity",
  "delivery",
  "surcharge",
  "donation",
  "rounding",
  "other",
] as const;
export type ChargeKind = (typeof chargeKinds)[number];

/** What a line sells. All but `item`, `fee` and `other` are money taken for no sale; `revenue` decides. */
export const lineKinds = ["item", "gift_card", "deposit", "donation", "fee", "other"] as const;
export type LineKind = (typeof lineKinds)[number];

/** Whether a line of this kind is revenue where its sender does not say. */
export const isRevenue = (kind: LineKind | undefined): boolean =>
  kind !== "gift_card" && kind !== "deposit" && kind !== "donation";

/**
 * How a feed's order numbers repeat: never, per register, per trading day, or per both. `unknown` until it
 * is set or learnt; a picture that fits a known number and not its life is then parked, never a correction.
 */
export const numberings = [
  "unknown",
  "unique",
  "per_register",
  "per_day",
  "per_register_and_day",
] as const;
export type Numbering = (typeof numberings)[number];

/** What a person or a rule decided of a picture that did not fit the order known under its name. */
export const nameDecisions = ["correction", "another_sale"] as const;

export const taxModes = ["exclusive", "inclusive", "mixed"] as const;
export const paymentStatuses = ["pending", "done", "failed", "voided"] as const;
export const refundStatuses = ["pending", "done", "failed"] as const;
export const businessDateOrigins = ["vendor", "derived"] as const;

/** The instant at which a sale counts: when it was first paid (default), or when it was ordered. */
export const countedWhenRules = ["paid", "ordered"] as const;
export type CountedWhen = (typeof countedWhenRules)[number];
