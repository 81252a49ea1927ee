import type { LiveWindow } from "@tillcast/schemas";
import { demoStores } from "@tillcast/simulator";
import { beforeAll, expect, test } from "vitest";
import { dayPicture } from "../../web/live/day-picture.ts";
import type { Deviation } from "../../web/live/deviation.ts";
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

/** The day at an instant; sales from `from` on at a share of what they were. */
function pictureAt({ snapshot, quarters }: MadeDay, now: number, from = now, share = 1) {
  const zero = { gross: "0", discount: "0", refund: "0", void: "0", tax: "0", tip: "0", guests: 0 };
  const { currency } = snapshot;
  const windows = quarters
    .filter(({ start }) => start < now)
    .map(({ businessDate, start, net, orders }): LiveWindow => {
      const amount = String(Math.round(start < from ? net : net * share));
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
const isUnusual = (deviation: Deviation | undefined) =>
  deviation?.band === "low" || deviation?.band === "high";

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

test.each([0, 0.25])(
  "of a hundred days whose second half sells %d of the usual, at least ninety are called unusual",
  (share) => {
    const found = days.filter((day) => {
      const from = middleOf(day);
      const picture = pictureAt(day, lastMoment(day), from, share);
      const hours = hourRows(picture).filter(({ start }) => start >= from);
      return isUnusual(picture.deviation) || hours.some(({ deviation }) => isUnusual(deviation));
    });
    expect(found.length).toBeGreaterThanOrEqual(90);
  },
);
