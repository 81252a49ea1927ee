import { expect, test } from "vitest";
import { exactMoney, moneyRange, signedPercent, tellApart, wholeMoney } from "./numbers.ts";
import {
  age,
  clockRange,
  dateName,
  dayName,
  fullDayName,
  shortDate,
  tickTime,
  zoneCity,
} from "./times.ts";

test("money follows its currency's minor unit", () => {
  expect(wholeMoney(210_355n, "EUR")).toBe("€2,104");
  expect(exactMoney("210355", "EUR")).toBe("€2,103.55");
  expect(exactMoney(2_104n, "JPY")).toBe("¥2,104");
  expect(exactMoney(-1_234n, "KWD").replace(/\s/g, " ")).toBe("−KWD 1.234");
});

test("what is not nothing does not read as nothing", () => {
  expect([wholeMoney(17, "EUR"), wholeMoney(-17, "EUR"), wholeMoney(0, "EUR")]).toEqual([
    "€0.17",
    "−€0.17",
    "€0",
  ]);
});

test("dollars that stand side by side are told apart", () => {
  expect([wholeMoney(70_100, "AUD"), wholeMoney(70_100, "USD")]).toEqual(["$701", "$701"]);
  tellApart(["AUD", "USD", "EUR"]);
  expect([wholeMoney(70_100, "AUD"), wholeMoney(70_100, "USD"), wholeMoney(100, "EUR")]).toEqual([
    "A$701",
    "US$701",
    "€1",
  ]);
});

test("exact money is exact where a float would not be", () => {
  expect(exactMoney(9_007_199_254_740_993_01n, "EUR")).toBe("€9,007,199,254,740,993.01");
});

test("a range promises two digits, each end with its own suffix", () => {
  expect(moneyRange(490_000, 610_000, "EUR")).toBe("€4.9k–€6.1k");
  expect(moneyRange(600_000, 680_000, "EUR")).toBe("€6.0k–€6.8k");
  expect(moneyRange(49_000, 61_000, "GBP")).toBe("£490–£610");
  expect(moneyRange(980_000, 1_400_000, "JPY")).toBe("¥980k–¥1.4m");
  expect(moneyRange(250, 940, "EUR")).toBe("€2–€10");
});

test("a range is rounded outward, and shows nothing below what is counted already", () => {
  expect(moneyRange(1_584_900, 2_011_000, "EUR")).toBe("€15k–€21k");
  expect(moneyRange(100_840, 115_000, "EUR", 100_840)).toBe("€1,008–€1.2k");
  expect(moneyRange(872_149, 872_149, "EUR", 872_149)).toBe("€8,721");
  expect(moneyRange(-40_000, 61_000, "EUR")).toBe("−€400–€610");
});

test("deviations carry their sign", () => {
  expect([signedPercent(-0.16), signedPercent(0.04), signedPercent(0)]).toEqual([
    "−16%",
    "+4%",
    "0%",
  ]);
});

test("times are those of the store's wall clock", () => {
  const noon = Date.UTC(2026, 10, 21, 12);
  expect(clockRange(noon, noon + 3_600_000, "Asia/Kathmandu")).toBe("17:45–18:45");
  const late = Date.UTC(2026, 10, 21, 23);
  expect(clockRange(late, late + 3_600_000, "UTC")).toBe("23:00–00:00");
  expect(tickTime(noon, "Europe/Berlin")).toBe("13:00");
  expect(dayName("2026-11-21")).toBe("Saturday 21 November");
  expect(fullDayName("2015-01-01")).toBe("Thursday 1 January 2015");
  expect([dateName("2015-12-31"), shortDate("2015-12-31")]).toEqual([
    "31 December 2015",
    "31 Dec 2015",
  ]);
  expect(zoneCity("America/New_York")).toBe("New York");
});

test("ages use one unit", () => {
  expect([age(400), age(59_000), age(185_000), age(7_200_000)]).toEqual([
    "1 sec",
    "59 secs",
    "3 mins",
    "2 hrs",
  ]);
});
