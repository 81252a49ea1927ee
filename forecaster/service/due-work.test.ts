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
  isHistorySettled: true,
  championId: null,
  last: issued({}),
  ...changes,
});
const without = ({ last: _, ...facts }: StoreFacts): StoreFacts => facts;

/** The newest vintage: of noon, by the baseline, from 60 days. */
function issued(changes: Partial<NonNullable<StoreFacts["last"]>>) {
  const usual = { issuedAt: noon, cutoff: noon, businessDate: "2026-05-04", modelId: null };
  return { ...usual, historyDays: 60, ...changes };
}

describe("a store's forecast", () => {
  test("is made at once when there is history and no forecast yet", () => {
    expect(dueForecast(without(store({ now: dayStart })), settings)).toBe("predict");
  });

  test("is not made without history", () => {
    expect(dueForecast(without(store({ historyDays: 0 })), settings)).toBe("nothing");
  });

  test("of a new business day waits for the margin after it began", () => {
    const last = issued({ issuedAt: 0, cutoff: 0, businessDate: "2026-05-03" });
    expect(dueForecast(store({ last, now: dayStart + 9 * minute }), settings)).toBe("nothing");
    expect(dueForecast(store({ last, now: dayStart + 10 * minute }), settings)).toBe("predict");
  });

  test("is left alone until the next hour has closed, lateness included", () => {
    const at = (minutes: number) => dueForecast(store({ now: noon + minutes * minute }), settings);
    expect(at(5)).toBe("nothing");
    expect(at(61)).toBe("nothing");
    expect(at(62)).toBe("reissue");
  });

  test("is made anew once a settled history grew by three days", () => {
    const grown = (historyDays: number) => dueForecast(store({ historyDays }), settings);
    expect(grown(62)).toBe("nothing");
    expect(grown(63)).toBe("predict");
    expect(dueForecast(store({ historyDays: 63, isHistorySettled: false }), settings)).toBe(
      "nothing",
    );
  });

  test("of a history that pours in is made at four weeks, at eight, and when it has settled", () => {
    const made: number[] = [];
    let last: StoreFacts["last"];
    for (let historyDays = 1; historyDays <= 300; historyDays++) {
      const facts = store({ historyDays, isHistorySettled: false });
      const due = dueForecast(last ? { ...facts, last } : without(facts), settings);
      if (due !== "predict") continue;
      made.push(historyDays);
      last = issued({ historyDays });
    }
    expect(made).toEqual([28, 56]);
    expect(dueForecast(store({ historyDays: 300, ...(last && { last }) }), settings)).toBe(
      "predict",
    );
  });

  test("is made at once for a store that sold for a day and no more", () => {
    expect(dueForecast(without(store({ historyDays: 1 })), settings)).toBe("predict");
  });

  test("is not made anew for a late day or two", () => {
    expect(dueForecast(store({ historyDays: 62 }), settings)).toBe("nothing");
  });

  test("is made anew when another model serves than the one that made it", () => {
    expect(dueForecast(store({ championId: "network" }), settings)).toBe("predict");
    const last = issued({ modelId: "network" });
    expect(dueForecast(store({ last, championId: "network" }), settings)).toBe("nothing");
    expect(dueForecast(store({ last, championId: null }), settings)).toBe("predict");
  });
});

describe("a tenant's network", () => {
  const tenant = (changes: Partial<TenantFacts> = {}): TenantFacts => ({
    now: noon,
    dayStart,
    historyDays: 300,
    isHistorySettled: true,
    isTrainable: true,
    lastTraining: { trainedAt: dayStart + 11 * minute, historyDays: 290 },
    ...changes,
  });

  test("is trained as soon as there is history enough", () => {
    const { lastTraining: _, ...untrained } = tenant();
    expect(isTrainingDue(untrained, settings)).toBe(true);
    expect(isTrainingDue({ ...untrained, isTrainable: false }, settings)).toBe(false);
  });

  test("is not trained while its history is still growing", () => {
    const growing = tenant({ historyDays: 900, isHistorySettled: false });
    expect(isTrainingDue(growing, settings)).toBe(false);
    expect(isTrainingDue({ ...growing, isHistorySettled: true }, settings)).toBe(true);
  });

  test("is trained once a business day", () => {
    expect(isTrainingDue(tenant(), settings)).toBe(false);
    const lastTraining = { trainedAt: dayStart - minute, historyDays: 290 };
    expect(isTrainingDue(tenant({ lastTraining }), settings)).toBe(true);
  });

  test("is trained again when its history has doubled", () => {
    expect(isTrainingDue(tenant({ historyDays: 580 }), settings)).toBe(true);
  });

  test("is not trained when training is switched off", () => {
    const off = readSettings(forecasterSettings, { FORECAST_TRAINING: "off" });
    expect(isTrainingDue(tenant({ historyDays: 580 }), off)).toBe(false);
  });
});
