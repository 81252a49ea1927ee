import { describe, expect, test } from "vitest";
import { allZones } from "./testing/zones.ts";
import { isTimeZone, tzdataVersion } from "./zone.ts";

describe("time zones", () => {
  test("every zone of the engine is one, and so are links, GMT and UTC", () => {
    expect(allZones.filter((zone) => !isTimeZone(zone))).toEqual([]);
    expect(["US/Eastern", "Japan", "GMT", "Etc/GMT-14", "UTC"].filter(isTimeZone).length).toBe(5);
  });

  test("offsets, the engine's own abbreviations, other spellings and other words are none", () => {
    const others = [
      "+02:00",
      "-0530",
      "GMT+1",
      "UTC+1",
      "ACT",
      "PST",
      "SystemV/AST4",
      "utc",
      "Z",
      "",
    ];
    const spellings = ["europe/paris", "Europe/paris", "EUROPE/PARIS", " Europe/Paris", "Europe/"];
    expect([...others, ...spellings, "Mars/Olympus", "Europe/Atlantis"].filter(isTimeZone)).toEqual(
      [],
    );
  });

  test("the release of the tz database is known", () => {
    expect(tzdataVersion()).toMatch(/^\d{4}[a-z]$/);
  });
});
