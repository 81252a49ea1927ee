import { expect, test } from "vitest";
import { dayPicture } from "./day-picture.ts";
import { freshnessWords } from "./freshness-words.ts";
import { cutOf, heardAt } from "./heard.ts";
import { hourRows } from "./hour-rows.ts";
import { applySnapshot } from "./live-state.ts";
import { standingText } from "./sentence.ts";
import { at, feed, forecast, HOUR_MS, snapshot, window } from "./testing/builders.ts";

const state = applySnapshot(
  snapshot({ windows: [window({ net: "60000" })], forecast: forecast(10_000) }),
);

test("what is lost for a moment is not worth a word, and nothing newer is said all the same", () => {
  const line = { state: "connecting", isDeviceOnline: true } as const;
  expect(heardAt({ ...line, now: 10_000, until: 7_000 })).toEqual({ until: 7_000, cut: null });
  expect(heardAt({ ...line, now: 20_000, until: 7_000 }).cut).toBe("waiting");
});

test("tells device offline, server unreachable and not allowed apart", () => {
  expect(cutOf({ state: "offline", isDeviceOnline: false })).toBe("deviceOffline");
  expect(cutOf({ state: "offline", isDeviceOnline: true })).toBe("unreachable");
  expect(cutOf({ state: "refused", isDeviceOnline: true })).toBe("refused");
});

test("the picture of a cut line stands still, however far the clock runs, past the day's end too", () => {
  const heard = { until: at(14), cut: "deviceOffline" } as const;
  const before = dayPicture(state, at(14));
  for (let hours = 0; hours < 30; hours += 1) {
    const picture = dayPicture(state, at(14) + hours * HOUR_MS, heard);
    expect(picture).toMatchObject({
      dataUntil: at(14),
      asOf: at(14),
      phase: "trading",
      expected: before.expected,
      deviation: before.deviation,
      landing: before.landing,
    });
    expect(hourRows(picture).filter(({ net }) => net !== null)).toHaveLength(3);
    expect(standingText(picture)).toContain(
      "€600 by 14:00, 50% below expected by then. This device is offline and has had no news since then. As seen then, the day was likely to end at",
    );
  }
});

test("the chip of a cut line never speaks as the till", () => {
  const heard = { until: at(14), cut: "unreachable" } as const;
  const chip = (feeds: ReturnType<typeof feed>[]) =>
    freshnessWords(dayPicture({ ...state, feeds }, at(16), heard));
  expect(chip([feed()])).toMatchObject({ mark: "cut", word: "Data to 14:00" });
  expect(chip([feed({ state: "late", watermark: at(12.5) })]).word).toBe("Data to 12:30");
});

test("a till that was never heard of has not closed at nothing, and is compared with nothing", () => {
  const silent = { ...state, windows: new Map(), feeds: [] };
  const picture = dayPicture(silent, at(23.5));
  expect(picture).toMatchObject({ phase: "trading", deviation: undefined });
  expect(standingText(picture)).toContain("No sales of today are known.");
  expect(hourRows(picture).filter(({ net }) => net !== null)).toEqual([]);
});
