import {
  addDays,
  DAY_MS,
  dayOfWeek,
  epochDayOf,
  instantOfLocal,
  localMinuteOfDay,
  MINUTE_MS,
} from "@tillcast/schemas";
import { holidayFactor } from "./holidays.ts";
import { type Random, randomOf } from "./random.ts";
import type { StoreProfile } from "./store-profile.ts";

/** The opening and closing time of a business date, in UTC milliseconds. */
export interface OpenTime {
  readonly openMs: number;
  readonly closeMs: number;
}

/** The opening hours of a business date; undefined if the store is closed. */
export function openTimeOf(profile: StoreProfile, businessDate: string): OpenTime | undefined {
  if (holidayFactor(profile.country, businessDate) === 0) return undefined;
  const hours = profile.openingHours[dayOfWeek(businessDate) - 1];
  if (hours === undefined) return undefined;
  const midnightMs = epochDayOf(businessDate) * DAY_MS;
  return {
    openMs: instantOfLocal(midnightMs + hours.openMinute * MINUTE_MS, profile.timeZone),
    closeMs: instantOfLocal(midnightMs + hours.closeMinute * MINUTE_MS, profile.timeZone),
  };
}

/**
 * The expected orders of a business date: trend, season, weekday and holiday, times a random level that is similar to
 * the days before, times a rare event.
 */
export function expectedTickets(profile: StoreProfile, seed: number, businessDate: string): number {
  const known =
    profile.ticketsPerDay *
    growth(profile, businessDate) *
    season(profile, businessDate) *
    (profile.weekly[dayOfWeek(businessDate) - 1] ?? 1) *
    holidayFactor(profile.country, businessDate);
  return (
    known * Math.exp(dayLevel(profile, seed, businessDate)) * rareEvent(profile, seed, businessDate)
  );
}

/** The opening times of the orders of a business date (UTC milliseconds, ascending). */
export function arrivalsOf(profile: StoreProfile, seed: number, businessDate: string): number[] {
  const open = openTimeOf(profile, businessDate);
  if (open === undefined) return [];
  const random = randomOf(seed, profile.key, businessDate, "arrivals");
  const slots = slotsOf(profile, open);
  const weightSum = slots.reduce((sum, slot) => sum + slot.weight, 0);
  const tickets = expectedTickets(profile, seed, businessDate);
  const lull = makeLull(random);
  return slots.flatMap((slot) => {
    const mean = (tickets * slot.weight * lull()) / weightSum;
    const arrivals = Array.from({ length: random.poisson(mean) }, () =>
      Math.floor(random.between(slot.startMs, slot.endMs)),
    );
    return arrivals.sort((a, b) => a - b);
  });
}

/** Steps by instants and not by wall time: a repeated hour has sales twice, a skipped one has none. */
const SLOT_MS = 15 * MINUTE_MS;
/** How long before closing time the kitchen closes. */
const LAST_ORDER_MS = 10 * MINUTE_MS;

interface Slot {
  readonly startMs: number;
  readonly endMs: number;
  readonly weight: number;
}

function slotsOf(profile: StoreProfile, open: OpenTime): Slot[] {
  const slots: Slot[] = [];
  const lastMs = open.closeMs - LAST_ORDER_MS;
  for (let startMs = open.openMs; startMs < lastMs; startMs += SLOT_MS) {
    const endMs = Math.min(startMs + SLOT_MS, lastMs);
    const weight = daypartWeight(profile, tradingMinute(profile, startMs));
    slots.push({ startMs, endMs, weight: (weight * (endMs - startMs)) / SLOT_MS });
  }
  return slots;
}

/** The minute of the local day, counted past midnight until the business date ends. */
export function tradingMinute(profile: StoreProfile, instantMs: number): number {
  const minute = localMinuteOfDay(instantMs, profile.timeZone);
  return minute < profile.closeoutMinute ? minute + 1440 : minute;
}

function daypartWeight(profile: StoreProfile, minute: number): number {
  const points = profile.dayparts;
  const after = points.findIndex(([at]) => at >= minute);
  if (after <= 0) return points[after === 0 ? 0 : points.length - 1]?.[1] ?? 1;
  const [fromMinute, from] = points[after - 1] as readonly [number, number];
  const [toMinute, to] = points[after] as readonly [number, number];
  return from + ((to - from) * (minute - fromMinute)) / (toMinute - fromMinute);
}

/** How much of the deviation remains from one quarter of an hour to the next, and its usual size. */
const LULL_KEEPS = 0.8;
const LULL_SIZE = 0.16;

function makeLull(random: Random): () => number {
  let level = random.normal();
  return () => {
    level = LULL_KEEPS * level + Math.sqrt(1 - LULL_KEEPS ** 2) * random.normal();
    return Math.exp(LULL_SIZE * level - LULL_SIZE ** 2 / 2);
  };
}

/** The same from day to day. After two weeks less than a thousandth remains. */
const DAY_KEEPS = 0.6;
const DAY_SIZE = 0.1;
const DAY_MEMORY = 14;

/** The sum of the daily shocks, so that each day can be computed alone. */
function dayLevel(profile: StoreProfile, seed: number, businessDate: string): number {
  let level = 0;
  for (let back = 0; back <= DAY_MEMORY; back += 1) {
    const shock = randomOf(seed, profile.key, addDays(businessDate, -back), "level").normal();
    level += DAY_KEEPS ** back * shock;
  }
  return DAY_SIZE * Math.sqrt(1 - DAY_KEEPS ** 2) * level - DAY_SIZE ** 2 / 2;
}

/** A rare event such as a match in town or a storm: about one day in sixty. */
function rareEvent(profile: StoreProfile, seed: number, businessDate: string): number {
  const random = randomOf(seed, profile.key, businessDate, "event");
  if (!random.chance(1 / 60)) return 1;
  return random.chance(0.6) ? random.between(1.2, 1.5) : random.between(0.55, 0.8);
}

function growth(profile: StoreProfile, businessDate: string): number {
  return (
    (1 + profile.growthPerYear) ** ((epochDayOf(businessDate) - epochDayOf("2026-01-01")) / 365.25)
  );
}

/** Linear between the middles of two months, so that no month starts with a jump. */
function season(profile: StoreProfile, businessDate: string): number {
  const month = Number(businessDate.slice(5, 7)) - 1;
  const position = month + (Number(businessDate.slice(8, 10)) - 15) / 30.4;
  const before = Math.floor(position);
  const share = position - before;
  const at = (index: number) => profile.yearly[(index + 12) % 12] ?? 1;
  return at(before) * (1 - share) + at(before + 1) * share;
}
