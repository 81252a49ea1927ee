import { HOUR_MS, MINUTE_MS } from "@tillcast/schemas";
import { openTimeOf } from "./demand.ts";
import { type Random, randomOf } from "./random.ts";
import type { StoreProfile } from "./store-profile.ts";

/** The mishaps of an order, after or instead of an ordinary life. */
export const mishaps = [
  "tipLater",
  "discountLater",
  "channelFixed",
  "lineVoidedOpen",
  "lineVoidedLater",
  "orderVoidedOpen",
  "orderVoided",
  "orderVoidedNextDay",
  "refundAmount",
  "refundLine",
  "refundNextDay",
  "comp",
  "testMode",
] as const;
export type Mishap = (typeof mishaps)[number];

/** How often things go wrong, as parts of orders or deliveries from 0 to 1. */
export interface Trouble {
  /** The part of orders with each mishap. An order has at most one, so their sum is at most 1. */
  readonly mishaps: Readonly<Record<Mishap, number>>;
  /** The part of deliveries that are minutes to hours late, perhaps after a newer picture. */
  readonly late: number;
  /** The part of deliveries that come twice. */
  readonly duplicate: number;
  /** The part of deliveries after which the picture before comes again. */
  readonly oldAgain: number;
  /** The part of days with a time in which the till is offline and sends its orders later. */
  readonly offlineDays: number;
  /** The part of days with a time in which the till does not work. */
  readonly outageDays: number;
}

const each = (share: number): Record<Mishap, number> =>
  Object.fromEntries(mishaps.map((mishap) => [mishap, share])) as Record<Mishap, number>;

/** Nothing goes wrong. */
export const noTrouble: Trouble = {
  mishaps: each(0),
  late: 0,
  duplicate: 0,
  oldAgain: 0,
  offlineDays: 0,
  outageDays: 0,
};

/** The trouble of a normal store. */
export const usualTrouble: Trouble = {
  mishaps: {
    ...each(0.003),
    tipLater: 0.03,
    discountLater: 0.005,
    channelFixed: 0.004,
    lineVoidedOpen: 0.015,
    comp: 0.006,
    orderVoidedNextDay: 0.001,
    refundNextDay: 0.002,
    testMode: 0.001,
  },
  late: 0.01,
  duplicate: 0.01,
  oldAgain: 0.003,
  offlineDays: 0.03,
  outageDays: 0.008,
};

/** All kinds of trouble on every day, for tests. */
export const heavyTrouble: Trouble = {
  mishaps: each(0.05),
  late: 0.1,
  duplicate: 0.1,
  oldAgain: 0.1,
  offlineDays: 0.5,
  outageDays: 0.3,
};

/** Draws the mishap of an order; undefined for most orders. */
export function drawMishap(random: Random, trouble: Trouble): Mishap | undefined {
  let left = random.next();
  for (const mishap of mishaps) {
    left -= trouble.mishaps[mishap];
    if (left < 0) return mishap;
  }
  return undefined;
}

/** A time in which the till is unreachable, `[startMs, endMs)`. */
export interface Stretch {
  readonly startMs: number;
  readonly endMs: number;
  /** `offline`: the store sells and sends later. `outage`: no orders are possible. */
  readonly kind: "offline" | "outage";
}

const OFFLINE_MS = [40 * MINUTE_MS, 2 * HOUR_MS] as const;
const OUTAGE_MS = [20 * MINUTE_MS, 90 * MINUTE_MS] as const;

/** These times on a business date, all within the opening hours. */
export function stretchesOf(
  profile: StoreProfile,
  seed: number,
  businessDate: string,
  trouble: Trouble,
): Stretch[] {
  const open = openTimeOf(profile, businessDate);
  if (open === undefined) return [];
  const random = randomOf(seed, profile.key, businessDate, "stretches");
  const draw = (kind: Stretch["kind"], share: number, lengthMs: readonly [number, number]) => {
    const happens = random.chance(share);
    const startMs = Math.floor(random.between(open.openMs, open.closeMs - lengthMs[1]));
    const endMs = startMs + Math.floor(random.between(lengthMs[0], lengthMs[1]));
    return happens ? [{ startMs, endMs, kind }] : [];
  };
  return [
    ...draw("offline", trouble.offlineDays, OFFLINE_MS),
    ...draw("outage", trouble.outageDays, OUTAGE_MS),
  ];
}
