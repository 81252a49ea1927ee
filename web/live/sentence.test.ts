import { describe, expect, test } from "vitest";
import { dayPicture } from "./day-picture.ts";
import { applySnapshot } from "./live-state.ts";
import { standingText } from "./sentence.ts";
import { at, feed, forecast, pastSnapshot, snapshot, window } from "./testing/builders.ts";

const say = (changes: Parameters<typeof snapshot>[0], now: number) =>
  standingText(dayPicture(applySnapshot(snapshot(changes)), now));
const sold = (net: number) => [window({ net: String(net) })];

describe("the one sentence", () => {
  test("says where the day stands against what was expected, and how it will likely end", () => {
    expect(say({ windows: sold(54_000), forecast: forecast(10_000) }, at(13.5))).toBe(
      "€540 so far, 46% below expected for 13:30. The day likely ends at €3.7k–€5.0k.",
    );
  });

  test("counts no percents inside the usual range, where they would be noise", () => {
    for (const net of [84_000, 100_500, 116_000]) {
      const text = say({ windows: sold(net), forecast: forecast(10_000) }, at(13.5));
      expect(text).toMatch(/^€[\d,]+ so far, as usual for 13:30\./);
    }
  });

  test("tells half a day that sold far too little, which neither an hour nor the day's sum shows", () => {
    const quarters = Array.from({ length: 44 }, (_, index) => index);
    const windows = quarters.map((index) =>
      window({ start: at(11 + index / 4), net: String(index < 23 ? 10_000 : 6_200) }),
    );
    expect(say({ windows, forecast: forecast(10_000) }, at(22))).toContain(
      " From 16:45 to 22:00 sales were unusually low: €1,302, where about €2,100 is usual. ",
    );
    const whole = windows.map((one) => ({ ...one, net: "10000" }));
    expect(say({ windows: whole, forecast: forecast(10_000) }, at(22))).not.toContain("unusually");
  });

  test("before opening says when sales usually start", () => {
    const text = say({ forecast: forecast(10_000) }, at(9));
    expect(text).toContain("No sales yet; they usually start around 11:00. The day likely ends at");
  });

  test("names the day closed after hours", () => {
    const closed = [feed({ state: "closed" })];
    const text = say(
      { windows: sold(720_000), forecast: forecast(10_000), feeds: closed },
      at(23.5),
    );
    expect(text).toBe("The day closed at €7,200, 50% above what was expected.");
  });

  test("never calls late data low sales: it compares with the moment that the data reaches", () => {
    const late = [feed({ state: "late", watermark: at(12.5) })];
    const text = say({ windows: sold(60_000), forecast: forecast(10_000), feeds: late }, at(14));
    expect(text).toContain("€600 by 12:30, as usual by then.");
    expect(text).toContain("Sales since then are still on their way.");
  });

  test("tells an unreachable till from one that is not heard", () => {
    const with_ = (state: "unreachable" | "unknown") =>
      say({ windows: sold(1), feeds: [feed({ state, watermark: at(12.5) })] }, at(14));
    expect(with_("unreachable")).toContain("The till has not been reachable since then.");
    expect(with_("unknown")).toContain(
      "No order has come since then. This till sends no heartbeats",
    );
    expect(say({ windows: sold(1), feeds: [] }, at(14))).toContain("not given a sign of life yet");
  });

  test("without a forecast says why, and what last week was", () => {
    const forecastReason = "No forecast yet: it needs two weeks of history.";
    const lastWeek = [{ start: at(12), net: "90000" }];
    expect(say({ windows: sold(84_000), forecastReason, lastWeek }, at(14))).toBe(
      `€840 so far. ${forecastReason} Last Saturday by this time: €900.`,
    );
  });

  test("does not turn a quiet start into alarm, nor an unusual one into silence", () => {
    expect(say({ forecast: forecast(10_000) }, at(11.02))).toContain("No sales yet today.");
    expect(say({ forecast: forecast(10_000) }, at(14))).toContain(
      "No sales yet; about €1,200 is usual by 14:00.",
    );
  });
});

describe("the sentence of a past day", () => {
  const sayPast = (changes: Parameters<typeof pastSnapshot>[0]) => {
    const seen = pastSnapshot(changes);
    return standingText(dayPicture(applySnapshot(seen), seen.serverTime));
  };
  const reason = { forecastReason: "No forecast was made for this day." };

  test("holds the whole day against what was expected of it", () => {
    const allDay = (net: number) =>
      Array.from({ length: 48 }, (_, index) =>
        window({ start: at(11 + index / 4), net: String(net / 48) }),
      );
    const said = (net: number) => sayPast({ windows: allDay(net), forecast: forecast(10_000) });
    expect(said(499_200)).toBe("€4,992 on Saturday 21 November 2026, as usual.");
    expect(said(240_000)).toBe("€2,400 on Saturday 21 November 2026, 50% below expected.");
    expect(said(720_000)).toBe("€7,200 on Saturday 21 November 2026, 50% above expected.");
  });

  test("holds it against the same weekday before where no forecast was made", () => {
    const lastWeek = [
      { start: at(12), net: "90000" },
      // That day was an hour longer; its last hour lies beyond the end of this one.
      { start: at(28.5), net: "10000" },
    ];
    const said = (net: number) => sayPast({ windows: sold(net), lastWeek, ...reason });
    expect(said(112_000)).toBe(
      "€1,120 on Saturday 21 November 2026, 12% above the Saturday before.",
    );
    expect(said(100_500)).toContain(", level with the Saturday before.");
    expect(sayPast({ windows: sold(100), ...reason })).toBe("€1 on Saturday 21 November 2026.");
  });

  test("says that nothing was sold, and nothing of how a till is now", () => {
    expect(sayPast({ forecast: forecast(10_000), feeds: [] })).toBe(
      "Nothing was sold on Saturday 21 November 2026.",
    );
  });

  test("does not call a day low whose data a till still owes", () => {
    const feeds = [feed({ state: "unreachable", watermark: at(12.5) })];
    expect(sayPast({ windows: sold(60_000), forecast: forecast(10_000), feeds })).toBe(
      "€600 on Saturday 21 November 2026 by 12:30, as usual by then. The till has not been reachable since then.",
    );
    const before = [feed({ state: "unreachable", watermark: at(2) })];
    expect(sayPast({ feeds: before })).toContain(
      "No sales of Saturday 21 November 2026 are known.",
    );
    // What reaches beyond the day's end is whole, however silent the till is now.
    const after = [feed({ state: "unreachable", watermark: at(30) })];
    expect(sayPast({ windows: sold(100), feeds: after })).toBe("€1 on Saturday 21 November 2026.");
  });
});

test("a store that sold nothing for days names its last sales instead", () => {
  const idle = { feeds: [feed({ state: "unknown", watermark: null, lastProofAt: at(0) })] };
  const forecastReason = "No forecast has been made for today yet.";
  expect(say({ ...idle, lastSalesDate: "2015-12-31", forecastReason }, at(14))).toBe(
    "No sales today. The last were on 31 December 2015.",
  );
  expect(say({ lastSalesDate: "2026-11-20", forecastReason }, at(14))).toContain(
    "No sales yet today.",
  );
  expect(say({ lastSalesDate: null }, at(14))).toContain("No sales yet today.");
  const expecting = { lastSalesDate: "2026-11-17", forecast: forecast(10_000) };
  expect(say(expecting, at(14))).toContain("No sales yet; about €1,200 is usual by 14:00.");
});

test("sales in another currency are shown apart and never added", () => {
  const windows = [window({ net: "500" }), window({ net: "700", currency: "USD" })];
  const picture = dayPicture(applySnapshot(snapshot({ windows })), at(14));
  expect(picture.net).toBe(500n);
  expect(picture.foreign).toEqual([{ currency: "USD", net: 700n }]);
});
