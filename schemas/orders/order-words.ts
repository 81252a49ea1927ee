/** Where an order comes from. Prose says vendor, paths say provider, the field is `source`. */
export const orderSources = [
  "toast",
  "square",
  "clover",
  "lightspeed_k",
  "lightspeed_x",
  "revel",
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

export const taxModes = ["exclusive", "inclusive", "mixed"] as const;
export const paymentStatuses = ["pending", "done", "failed", "voided"] as const;
export const refundStatuses = ["pending", "done", "failed"] as const;
export const businessDateOrigins = ["vendor", "derived"] as const;

/** The instant at which a sale counts: when it was first paid (default), or when it was ordered. */
export const countedWhenRules = ["paid", "ordered"] as const;
export type CountedWhen = (typeof countedWhenRules)[number];
