import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { alignedData } from "./aligned-data.ts";
import { dayPicture } from "./day-picture.ts";
import { applySnapshot, applyWindows } from "./live-state.ts";
import { standingText } from "./sentence.ts";
import { at, feed, forecast, QUARTER_MS, snapshot, update, window } from "./testing/builders.ts";

/** What was seen wrong: the forecaster's total of the morning under a day that had sold far more since. */
test("sales between two issues lift the day's end, which the issue's own total does not", () => {
  const issued = forecast(10, { landing: [60_000, 66_000, 69_000] });
  const windows = [window({ net: "872100" })];
  const state = applySnapshot(snapshot({ windows, forecast: issued }));
  expect(standingText(dayPicture(state, at(17)))).toMatch(
    /^€8,721 so far, .*The day likely ends at €8,72\d–€8\.8k\.$/,
  );
});

test("no rounding puts the day's end below what is counted", () => {
  const state = applySnapshot(
    snapshot({ windows: [window({ net: "100840" })], forecast: forecast(100) }),
  );
  expect(standingText(dayPicture(state, at(22)))).toContain("ends at €1,011–€1.1k.");
});

const pushes = fc.array(
  fc.record({ quarter: fc.nat(47), net: fc.integer({ min: 0, max: 900_000 }) }),
  { maxLength: 30 },
);
const levels = fc
  .array(fc.integer({ min: 0, max: 500_000 }), { minLength: 3, maxLength: 3 })
  .map((values) => values.toSorted((a, b) => a - b));

describe("over any pushes between two issues of any forecast", () => {
  test("the day's end is ordered, never below what is counted, and the fan starts there", () => {
    fc.assert(
      fc.property(
        pushes,
        fc.nat(20_000),
        fc.option(levels),
        fc.double({ min: 4, max: 27.9, noNaN: true }),
        fc.constantFrom("live", "late", "unknown"),
        (sold, perStep, landing, hour, feedState) => {
          const feeds = [feed({ state: feedState, watermark: at(hour) - QUARTER_MS })];
          const first = snapshot({ forecast: forecast(perStep, { landing }), feeds });
          let state = applySnapshot(first);
          for (const [index, { quarter, net }] of sold.entries()) {
            const windows = [window({ start: at(11) + quarter * QUARTER_MS, net: String(net) })];
            state = applyWindows(state, update({ prevSeq: index, seq: index + 1, windows })).state;
            const picture = dayPicture(state, at(hour));
            if (picture.landing === null) {
              expect(picture.phase).toBe("closed");
              continue;
            }
            const { p10, p50, p90 } = picture.landing;
            expect(p10).toBeGreaterThanOrEqual(Number(picture.net));
            expect(p50).toBeGreaterThanOrEqual(p10);
            expect(p90).toBeGreaterThanOrEqual(p50);
            const { fan, fanP10, xs } = alignedData(picture, "total");
            const begins = fan.findIndex((value) => value !== null);
            if ((xs[begins] ?? 0) === picture.dataUntil)
              expect(fan[begins]).toBe(Number(picture.net));
            for (const value of fanP10) {
              if (value !== null) expect(value).toBeGreaterThanOrEqual(Number(picture.net));
            }
          }
        },
      ),
    );
  });
});
