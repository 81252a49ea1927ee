import { readSettings } from "@tillcast/core";
import { describe, expect, test } from "vitest";
import { forecasterSettings } from "../config.ts";
import { dueForecast, isTrainingDue, type StoreFacts, type TenantFacts } from "./due-work.ts";

const settings = readSettings(forecasterSettings, {});
const minute = 60_000;
const dayStart = Date.UTC(2026, 4, 4, 4);
const noon = dayStart + 8 * 60 * minute;
const store = (changes: Partial<StoreFacts> = {}): StoreFacts => ({
  now: noon + 5 * minute,
  today: "2026-05-04",
  dayStart,
  historyDays: 60,
  last: { issuedAt: noon, cutoff: noon, businessDate: "2026-05-04", historyDays: 60 },
  ...changes,
});
const without = ({ last: _, ...facts }: StoreFacts): StoreFacts => facts;

describe("a store's forecast", () => {
  test("is made at once when there is history and no forecast yet", () => {
    expect(dueForecast(without(store({ now: dayStart })), settings)).toBe("predict");
  });

  test("is not made without history", () => {
    expect(dueForecast(without(store({ historyDays: 0 })), settings)).toBe("nothing");
  });

  test("of a new business day waits for the margin after it began", () => {
    const last = { issuedAt: 0, cutoff: 0, businessDate: "2026-05-03" };
    expect(dueForecast(store({ last, now: dayStart + 9 * minute }), settings)).toBe("nothing");
    expect(dueForecast(store({ last, now: dayStart + 10 * minute }), settings)).toBe("predict");
  });

  test("is left alone until the next hour has closed, lateness included", () => {
    const at = (minutes: number) => dueForecast(store({ now: noon + minutes * minute }), settings);
    expect(at(5)).toBe("nothing");
    expect(at(61)).toBe("nothing");
    expect(at(62)).toBe("reissue");
  });

  test("follows a history that an import is filling", () => {
    expect(dueForecast(store({ historyDays: 90 }), settings)).toBe("predict");
    expect(dueForecast(store({ historyDays: 61 }), settings)).toBe("nothing");
    expect(dueForecast(store({ historyDays: 90, now: noon + 1000 }), settings)).toBe("nothing");
  });
});

describe("a tenant's network", () => {
  const tenant = (changes: Partial<TenantFacts> = {}): TenantFacts => ({
    now: noon,
    dayStart,
    historyDays: 300,
    isTrainable: true,
    champion: { trainedAt: dayStart + 11 * minute, historyDays: 290 },
    ...changes,
  });

  test("is trained as soon as there is history enough", () => {
    const { champion: _, ...untrained } = tenant();
    expect(isTrainingDue(untrained, settings)).toBe(true);
    expect(isTrainingDue({ ...untrained, isTrainable: false }, settings)).toBe(false);
  });

  test("is trained once a business day", () => {
    expect(isTrainingDue(tenant(), settings)).toBe(false);
    const champion = { trainedAt: dayStart - minute, historyDays: 290 };
    expect(isTrainingDue(tenant({ champion }), settings)).toBe(true);
  });

  test("is trained again when its history has doubled", () => {
    expect(isTrainingDue(tenant({ historyDays: 580 }), settings)).toBe(true);
  });

  test("is not trained when training is switched off", () => {
    const off = readSettings(forecasterSettings, { FORECAST_TRAINING: "off" });
    expect(isTrainingDue(tenant({ historyDays: 580 }), off)).toBe(false);
  });
});
