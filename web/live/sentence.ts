import {
  DAYS_ENOUGH,
  daysBetween,
  type Expectation,
  type Freshness,
  isReachKnown,
  isUpToNow,
  WINDOW_MS,
} from "@tillcast/schemas/browser";
import { moneyRange, percent, wholeMoney } from "../format/numbers.ts";
import { clock, dateName, fullDayName, weekdayName } from "../format/times.ts";
import { type Part, parts, text } from "../i18n/text.ts";
import type { Phase } from "./day-picture.ts";
import { type Deviation, isTelling, toldShare } from "./deviation.ts";
import type { Cut } from "./heard.ts";
import type { UnusualHalf } from "./unusual-half.ts";

/** What the sentence is made of; a store's live picture and a row of the store list both have it. */
export interface Standing {
  readonly currency: string;
  readonly timeZone: string;
  readonly businessDate: string;
  /** The newest business date up to today on which anything was sold. */
  readonly lastSalesDate: string | null;
  /** Earlier days with sales, counted to 14; with fewer nothing is called usual. */
  readonly daysKnown: number;
  readonly net: bigint;
  readonly orders: number;
  readonly expected: Expectation | null;
  readonly landing: Expectation | null;
  readonly lastWeekSoFar: bigint | null;
  /** Against what was expected; undefined where nothing can be compared. */
  readonly deviation: Deviation | undefined;
  /** Half of the day's trade that is unusual; the list, which knows no hours, has none. */
  readonly half: UnusualHalf | null;
  readonly forecastReason: string | null;
  readonly freshness: Freshness;
  readonly phase: Phase;
  readonly dataUntil: number;
  /** Until when the server has been heard, and why no longer. */
  readonly asOf: number;
  readonly cut: Cut | null;
  readonly hours: { readonly from: number; readonly to: number } | null;
}

/** Closer than this to the week before, a percentage would say more than anyone can know. */
const LEVEL = 0.015;

/** The page's one sentence: where the day stands, what that is worth knowing, how it will likely end. */
export function standingSentence(standing: Standing): Part[] {
  const note = standing.cut === null ? feedNote(standing) : cutNote(standing, standing.cut);
  const sentences = [lead(standing), halfNote(standing), note, outlook(standing)];
  return sentences
    .filter((sentence) => sentence.length > 0)
    .flatMap((sentence, index) => (index === 0 ? sentence : [{ text: " " }, ...sentence]));
}

/** The same as plain text, for a chart's label and the like. */
export function standingText(standing: Standing): string {
  return plain(standingSentence(standing));
}

/** Only where the day stands, for a list that shows the outlook in a column of its own. */
export function leadText(standing: Standing): string {
  const note = standing.cut === null ? feedNote(standing) : cutNote(standing, standing.cut);
  return plain([...lead(standing), { text: " " }, ...note]).trim();
}

function plain(sentence: readonly Part[]): string {
  return sentence.map((part) => part.text).join("");
}

function lead(standing: Standing): Part[] {
  const { currency, phase, hours, orders, timeZone, dataUntil, cut } = standing;
  const net = wholeMoney(standing.net, currency);
  const comparison = compare(standing);
  if (phase === "past") return pastLead(standing, comparison);
  if (isIdle(standing)) {
    const key = cut === null ? "sentence.lastSales" : "sentence.lastSalesKnown";
    return parts(key, { lastDay: dateName(standing.lastSalesDate ?? "") });
  }
  if (phase === "closed") return parts("sentence.closed", { net, comparison });
  if (phase === "beforeOpening" && hours !== null) {
    return parts("sentence.beforeOpening", { time: clock(hours.from, timeZone) });
  }
  if (phase === "beforeOpening") return parts("sentence.notOpen");
  if (orders === 0 && standing.net === 0n) {
    return noSales(standing);
  }
  if (!isCurrent(standing) && isReachKnown(standing.freshness)) {
    return parts("sentence.soFarUntil", { net, comparison, time: clock(dataUntil, timeZone) });
  }
  return parts("sentence.soFar", { net, comparison });
}

/** Whether the sums can be held against the clock on the wall. */
export function isCurrent({ freshness, cut }: Pick<Standing, "freshness" | "cut">): boolean {
  return isUpToNow(freshness) && cut === null;
}

/** How a day of the past went. */
function pastLead(standing: Standing, comparison: string): Part[] {
  const { currency, businessDate, freshness, orders, dataUntil, timeZone } = standing;
  const day = fullDayName(businessDate);
  const isWhole = isUpToNow(freshness);
  if (orders === 0 && standing.net === 0n) {
    return parts(isWhole ? "sentence.pastNothing" : "sentence.pastUnknown", { day });
  }
  const net = wholeMoney(standing.net, currency);
  if (isWhole) return parts("sentence.past", { net, day, comparison });
  return parts("sentence.pastUntil", { net, day, time: clock(dataUntil, timeZone), comparison });
}

/** Whether nothing is sold or expected today, nor was yesterday: then the last sales are the news. */
function isIdle(standing: Standing): boolean {
  const { net, orders, expected, phase, lastSalesDate, businessDate } = standing;
  if (net !== 0n || orders > 0 || expected !== null || phase === "beforeOpening") return false;
  return lastSalesDate !== null && daysBetween(lastSalesDate, businessDate) > 1;
}

/** A quiet start is worth a word only where it is an unusual one. */
function noSales(standing: Standing): Part[] {
  const { expected, currency, dataUntil, timeZone, freshness, deviation } = standing;
  if (!isReachKnown(freshness)) return parts("sentence.noneKnown");
  if (!isCurrent(standing))
    return parts("sentence.noSalesBy", { time: clock(dataUntil, timeZone) });
  if (expected === null || deviation === undefined || deviation.band === "asUsual") {
    return parts("sentence.noSales");
  }
  const amount = wholeMoney(Math.round(expected.p50), currency);
  return parts("sentence.noSalesBut", { amount, time: clock(dataUntil, timeZone) });
}

/** What the day's sum hides: half of its trade that went far from what was expected of it. */
function halfNote({ half, currency, timeZone }: Standing): Part[] {
  if (half === null) return [];
  return parts(`sentence.half.${half.band}`, {
    from: clock(half.start, timeZone),
    to: clock(half.until, timeZone),
    amount: wholeMoney(half.net, currency),
    usual: wholeMoney(Math.round(half.expected.p50), currency),
  });
}

/** ", 16% below expected for 14:40", ", as usual for 14:40", or nothing where nothing was expected. */
function compare(standing: Standing): string {
  const { expected, phase, deviation, dataUntil, timeZone } = standing;
  if (phase === "past" && expected === null) return compareWithWeek(standing);
  if (deviation === undefined || deviation.ratio === null) return "";
  const span = spanOf(standing);
  const time = clock(dataUntil, timeZone);
  if (deviation.band === "asUsual") return text(`compare.usual.${span}`, { time });
  const share = toldShare(deviation);
  if (share === null) {
    return deviation.ratio > 0 ? text(`compare.farAbove.${span}`, { time }) : "";
  }
  const side = share < 0 ? "below" : "above";
  return text(`compare.${side}.${span}`, { percent: percent(Math.abs(share)), time });
}

/** What is compared: a day of the past, today's whole, until the moment the data reaches, or until now. */
function spanOf(standing: Standing): "past" | "day" | "then" | "now" {
  if (standing.phase === "past" && isUpToNow(standing.freshness)) return "past";
  if (standing.phase === "closed") return "day";
  return isCurrent(standing) ? "now" : "then";
}

/** ", 12% above the Thursday before", for a day of the past of which no forecast was made. */
function compareWithWeek({ net, lastWeekSoFar, businessDate, daysKnown }: Standing): string {
  if (lastWeekSoFar === null || lastWeekSoFar <= 0n || daysKnown < DAYS_ENOUGH) return "";
  const ratio = Number(net - lastWeekSoFar) / Number(lastWeekSoFar);
  if (!isTelling(ratio)) return "";
  const weekday = weekdayName(businessDate);
  return text(`compare.${sideOf(ratio)}.week`, { percent: percent(Math.abs(ratio)), weekday });
}

function sideOf(ratio: number): "at" | "below" | "above" {
  if (Math.abs(ratio) < LEVEL) return "at";
  return ratio < 0 ? "below" : "above";
}

/** What a till that has fallen silent means for the number; never that sales are down. */
function feedNote(standing: Standing): Part[] {
  const { freshness, phase, timeZone, net, orders } = standing;
  const { state, dataUntil } = freshness;
  if (phase !== "trading" && phase !== "past") return [];
  if (state === "live" || state === "closed") return [];
  // Where sales ended days ago, a till that owes no sign of life is not worth a word.
  if (state === "unknown" && isIdle(standing)) return [];
  if (dataUntil === null) return parts("feedNote.never");
  // The lead has named the time already, unless there was nothing to say by it.
  const isNamed = net !== 0n || orders > 0;
  const since = isNamed ? text("feedNote.then") : clock(dataUntil, timeZone);
  return parts(`feedNote.${state}`, { since });
}

/** Why nothing newer is known than what is shown; that is no news of the till. */
function cutNote({ asOf, dataUntil, timeZone, net, orders }: Standing, cut: Cut): Part[] {
  const isNamed = (net !== 0n || orders > 0) && Math.abs(asOf - dataUntil) < WINDOW_MS;
  const since = isNamed ? text("feedNote.then") : clock(asOf, timeZone);
  return parts(`cutNote.${cut}`, { since });
}

/** How the day will likely end; without a forecast why there is none, and last week instead. */
function outlook(standing: Standing): Part[] {
  const { landing, currency, phase, forecastReason, lastWeekSoFar, businessDate } = standing;
  if (phase === "past" || isIdle(standing)) return [];
  if (phase === "closed" && standing.expected !== null) return [];
  if (landing !== null) {
    const key = standing.cut === null ? "sentence.landing" : "sentence.landingThen";
    return parts(key, {
      range: moneyRange(landing.p10, landing.p90, currency, Number(standing.net)),
    });
  }
  if (standing.expected !== null) return [];
  const reason = parts("sentence.noForecast", {
    reason: forecastReason ?? text("sentence.noForecastYet"),
  });
  if (lastWeekSoFar === null) return reason;
  const weekday = weekdayName(businessDate);
  const amount = wholeMoney(lastWeekSoFar, currency);
  return [...reason, { text: " " }, ...parts("sentence.lastWeek", { weekday, amount })];
}
