import { HOUR_MS, MINUTE_MS } from "@tillcast/schemas";
import { openTimeOf } from "./demand.ts";
import { type Random, randomOf } from "./random.ts";
import type { StoreProfile } from "./store-profile.ts";

/** What can happen to one order after, or instead of, an ordinary life. */
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

/** How much goes wrong. Shares are of orders or deliveries, from 0 to 1. */
export interface Trouble {
  /** Share of orders that each mishap befalls; an order has at most one, so they sum to 1 at most. */
  readonly mishaps: Readonly<Record<Mishap, number>>;
  /** Share of deliveries that come minutes to hours late, and so perhaps after a newer picture. */
  readonly late: number;
  /** Share of deliveries that come twice. */
  readonly duplicate: number;
  /** Share of deliveries after which the picture before comes again. */
  readonly oldAgain: number;
  /** Share of days with a stretch in which the till sells without a line, and sends all of it later. */
  readonly offlineDays: number;
  /** Share of days with a stretch in which the till stands still. */
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

/** What a well-run store sees. */
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

/** Every kind of trouble on every day, for tests. */
export const heavyTrouble: Trouble = {
  mishaps: each(0.05),
  late: 0.1,
  duplicate: 0.1,
  oldAgain: 0.1,
  offlineDays: 0.5,
  outageDays: 0.3,
};

/** Draws what happens to one order; undefined for most. */
export function drawMishap(random: Random, trouble: Trouble): Mishap | undefined {
  let left = random.next();
  for (const mishap of mishaps) {
    left -= trouble.mishaps[mishap];
    if (left < 0) return mishap;
  }
  return undefined;
}

/** A time without a line to the till, `[startMs, endMs)`. */
export interface Stretch {
  readonly startMs: number;
  readonly endMs: number;
  /** `offline`: the store sells and tells later; `outage`: nobody can order. */
  readonly kind: "offline" | "outage";
}

const OFFLINE_MS = [40 * MINUTE_MS, 2 * HOUR_MS] as const;
const OUTAGE_MS = [20 * MINUTE_MS, 90 * MINUTE_MS] as const;

/** The stretches of a business date, all within the store's open time. */
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
