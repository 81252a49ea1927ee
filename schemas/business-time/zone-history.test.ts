import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { businessDateOf, type CloseoutHistory } from "./business-date.ts";
import { HOUR_MS } from "./dates.ts";
import { seed } from "./testing/zones.ts";
import { zonedDateOf } from "./zone-history.ts";

const closeouts: CloseoutHistory = [{ effectiveFrom: "2000-01-01", closeoutMinute: 240 }];
const changeMs = Date.parse("2026-06-10T00:00:00Z");
const zonePairs = fc
  .tuple(
    fc.constantFrom("Europe/Berlin", "America/New_York", "Asia/Tokyo", "Pacific/Auckland", "UTC"),
    fc.constantFrom("Europe/Lisbon", "Asia/Kolkata", "America/Los_Angeles", "Pacific/Kiritimati"),
  )
  .map(([before, after]) => [
    { effectiveFrom: "2000-01-01", timeZone: before },
    { effectiveFrom: "2026-06-10", timeZone: after },
  ]);

describe("the zone of a business date", () => {
  it("is the only one where a store never changed it", () => {
    const zones = [{ effectiveFrom: "2026-06-10", timeZone: "Asia/Tokyo" }];
    fc.assert(
      fc.property(fc.integer({ min: -2_000, max: 2_000 }), (hours) => {
        const instantMs = changeMs + hours * HOUR_MS;
        expect(zonedDateOf(instantMs, zones, closeouts)).toEqual({
          businessDate: businessDateOf(instantMs, "Asia/Tokyo", closeouts),
          timeZone: "Asia/Tokyo",
        });
      }),
    );
  });

  it("turns at the start of its first date in its own zone, and leaves every earlier date as it was", () => {
    const zones = [
      { effectiveFrom: "2000-01-01", timeZone: "Europe/Berlin" },
      { effectiveFrom: "2026-06-10", timeZone: "Europe/Lisbon" },
    ];
    const at = (text: string) => zonedDateOf(Date.parse(text), zones, closeouts);
    const berlin = { businessDate: "2026-06-09", timeZone: "Europe/Berlin" };
    expect(at("2026-06-10T01:59:59Z")).toEqual(berlin);
    // 04:30 in Berlin, and still 03:30 of the night before in Lisbon.
    expect(at("2026-06-10T02:30:00Z")).toEqual(berlin);
    expect(at("2026-06-10T03:00:00Z")).toEqual({
      businessDate: "2026-06-10",
      timeZone: "Europe/Lisbon",
    });
    expect(at("2026-06-08T02:30:00Z").businessDate).toBe("2026-06-08");
  });

  it("never goes back as time goes on, and no date has two zones", () => {
    const hours = fc.integer({ min: -120, max: 120 });
    fc.assert(
      fc.property(zonePairs, hours, fc.integer({ min: 0, max: 48 }), (zones, hour, later) => {
        const first = zonedDateOf(changeMs + hour * HOUR_MS, zones, closeouts);
        const second = zonedDateOf(changeMs + (hour + later) * HOUR_MS, zones, closeouts);
        expect(second.businessDate >= first.businessDate).toBe(true);
        const zone = zones[first.businessDate < "2026-06-10" ? 0 : 1]?.timeZone;
        expect(first.timeZone).toBe(zone);
      }),
      { seed, numRuns: 2_000 },
    );
  });
});
