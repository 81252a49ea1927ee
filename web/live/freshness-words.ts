import type { Freshness } from "@tillcast/schemas/browser";
import { age, clock, shortDate } from "../format/times.ts";
import { text } from "../i18n/text.ts";
import type { Cut } from "./heard.ts";

/** What a freshness chip is made of. */
export interface FreshnessFacts {
  readonly freshness: Freshness;
  /** Until when the server has been heard, and why no longer. */
  readonly asOf: number;
  readonly cut: Cut | null;
  readonly lastSalesDate: string | null;
  readonly timeZone: string;
}

/** The chip's words; `mark` tells its look. */
export interface FreshnessWords {
  readonly mark: Freshness["state"] | "cut" | "quiet" | "imported";
  readonly word: string;
  readonly detail: string | undefined;
}

/** Longer ago than this, a clock alone would be read as today's. */
const CLOCK_MS_MAX = 20 * 3_600_000;

/**
 * How fresh a store's data is, in words. A cut line speaks for itself and never as the till's state; a till
 * that was never heard of, of a store with sales, has been imported; one that sends orders and no
 * heartbeats is quiet, which is no fault.
 */
export function freshnessWords(facts: FreshnessFacts): FreshnessWords {
  const { freshness, asOf, cut, lastSalesDate, timeZone } = facts;
  const { state, dataUntil } = freshness;
  if (cut !== null) {
    const reached = Math.min(dataUntil ?? asOf, asOf);
    const time = clock(state === "live" || state === "closed" ? asOf : reached, timeZone);
    return { mark: "cut", word: text("feed.cut", { time }), detail: undefined };
  }
  if (state === "unknown" && dataUntil === null && lastSalesDate !== null) {
    const date = shortDate(lastSalesDate);
    return { mark: "imported", word: text("feed.imported", { date }), detail: undefined };
  }
  const word = text(`feed.${state}`);
  if (state === "closed") return { mark: state, word, detail: undefined };
  if (dataUntil === null) return { mark: state, word, detail: text("feed.never") };
  const elapsedMs = asOf - dataUntil;
  if (state === "unknown") {
    const isNear = elapsedMs < CLOCK_MS_MAX;
    const when = isNear ? clock(dataUntil, timeZone) : text("feed.age", { age: age(elapsedMs) });
    return { mark: "quiet", word: text("feed.quiet", { when }), detail: undefined };
  }
  const detail =
    state === "live"
      ? text("feed.age", { age: age(elapsedMs) })
      : text("feed.dataUntil", { time: clock(dataUntil, timeZone) });
  return { mark: state, word, detail };
}
