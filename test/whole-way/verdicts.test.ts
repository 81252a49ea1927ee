import type { LiveWindow } from "@tillcast/schemas";
import { demoStores } from "@tillcast/simulator";
import { beforeAll, describe, expect, test } from "vitest";
import { dayPicture } from "../../web/live/day-picture.ts";
import { isUnusual } from "../../web/live/deviation.ts";
import { hourRows } from "../../web/live/hour-rows.ts";
import { applySnapshot } from "../../web/live/live-state.ts";
import { type MadeDay, madeMonth } from "./made-month.ts";

const SEED = 20_261_130;
/** Of each of the four demo stores, so that there are a hundred store-days. */
const DAYS = 25;

let days: MadeDay[];
beforeAll(async () => {
  days = (await Promise.all(demoStores.map((profile) => madeMonth(profile, SEED, DAYS)))).flat();
}, 180_000);

/** Sales of a stretch of the day that are a share of what they were. */
interface Injected {
  readonly start: number;
  readonly end: number;
  readonly share: number;
}

/** The day at an instant, with a fault where one is injected. */
function pictureAt({ snapshot, quarters }: MadeDay, now: number, fault?: Injected) {
  const zero = { gross: "0", discount: "0", refund: "0", void: "0", tax: "0", tip: "0", guests: 0 };
  const { currency } = snapshot;
  const shareOf = (start: number) =>
    fault !== undefined && start >= fault.start && start < fault.end ? fault.share : 1;
  const windows = quarters
    .filter(({ start }) => start < now)
    .map(({ businessDate, start, net, orders }): LiveWindow => {
      const amount = String(Math.round(net * shareOf(start)));
      return { ...zero, businessDate, start, channel: "dine_in", currency, net: amount, orders };
    });
  return dayPicture(applySnapshot({ ...snapshot, windows }), now);
}

/** When half of what is expected of the day has come. */
function middleOf(day: MadeDay): number {
  const { steps, dayExpected } = pictureAt(day, day.snapshot.dayStart);
  let sum = 0;
  const middle = steps.find(({ p50 }) => {
    sum += p50;
    return sum >= dayExpected / 2;
  });
  return middle?.start ?? day.snapshot.dayEnd;
}

const lastMoment = ({ snapshot }: MadeDay) => snapshot.dayEnd - 1;
test("a normal month calls at most one hour in three store-days unusual", () => {
  const hours = days.flatMap((day) => hourRows(pictureAt(day, lastMoment(day))));
  const unusual = hours.filter(({ deviation }) => isUnusual(deviation));
  expect(days).toHaveLength(100);
  expect(hours.length).toBeGreaterThan(1_000);
  expect(unusual.length).toBeLessThanOrEqual(days.length / 3);
});

test("no normal hour carries a percentage inside the range in which four of five lie", () => {
  for (const day of days) {
    for (const { net, deviation, expected } of hourRows(pictureAt(day, lastMoment(day)))) {
      if (net === null || expected === null || deviation === undefined) continue;
      const isInside = Number(net) >= expected.p10 && Number(net) <= expected.p90;
      if (isInside) expect(deviation.band).toBe("asUsual");
    }
  }
});

test("a normal month calls at most one half-day in fifty unusual, hours and half-days together one in three store-days", () => {
  const pictures = days.map((day) => pictureAt(day, lastMoment(day)));
  const halves = pictures.filter(({ half }) => half !== null).length;
  const hours = pictures.flatMap(hourRows).filter(({ deviation }) => isUnusual(deviation)).length;
  expect(halves).toBeLessThanOrEqual((2 * days.length) / 50);
  expect(hours + halves).toBeLessThanOrEqual(days.length / 3);
});

/**
 * What is injected: in one half of the day's expected trade every order is worth a share of what it was, as
 * of a till that loses all, three of four, or every second order, while it goes on saying that it is well.
 */
describe.each([0, 0.25, 0.5])("where half a day sells %d of the usual", (share) => {
  test.each(["first", "second"])(
    "at least ninety of a hundred are called unusual: %s half",
    (which) => {
      const found = days.filter((day) => {
        const { dayStart, dayEnd } = day.snapshot;
        const middle = middleOf(day);
        const [start, end] = which === "first" ? [dayStart, middle] : [middle, dayEnd];
        const picture = pictureAt(day, lastMoment(day), { start, end, share });
        const hours = hourRows(picture).filter((hour) => hour.start >= start && hour.start < end);
        const isFound = isUnusual(picture.deviation) || picture.half !== null;
        return isFound || hours.some(({ deviation }) => isUnusual(deviation));
      });
      expect(found.length).toBeGreaterThanOrEqual(90);
    },
  );
});
