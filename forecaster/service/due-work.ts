/** Decides, from plain facts, whose forecast is due. */
import { WINDOW_MS, windowStartOf } from "@tillcast/schemas";
import type { ForecasterSettings } from "../config.ts";

/** What is known of one store when the clock ticks. */
export interface StoreFacts {
  readonly now: number;
  /** The store's present business date, and when it began. */
  readonly today: string;
  readonly dayStart: number;
  /** Business days before today on which something was sold. */
  readonly historyDays: number;
  /** The newest vintage of quarters; absent when none was ever issued. */
  readonly last?: {
    readonly issuedAt: number;
    readonly cutoff: number;
    readonly businessDate: string;
    /** History at that issue, where this process remembers it. */
    readonly historyDays?: number;
  };
}

/** `predict` makes all vintages anew as a job; `reissue` renews today's landing. */
export type DueForecast = "predict" | "reissue" | "nothing";

const hourMs = 3_600_000;
/** A history that grew by this factor and these days is a new history: an import is going on. */
const growthFactor = 1.2;
const growthDays = 3;
/** While history pours in, forecasts follow it at this pace at most. */
const growthPauseMs = 20_000;

/** What one store's forecast needs now. */
export function dueForecast(facts: StoreFacts, settings: ForecasterSettings): DueForecast {
  const { now, last, historyDays } = facts;
  if (historyDays === 0) return "nothing";
  if (last === undefined) return "predict";
  if (last.businessDate !== facts.today) {
    const marginMs = settings.FORECAST_MARGIN_MINUTES * 60_000;
    return now >= facts.dayStart + marginMs ? "predict" : "nothing";
  }
  const before = last.historyDays;
  const hasGrown =
    before !== undefined && historyDays >= Math.max(before * growthFactor, before + growthDays);
  if (hasGrown && now - last.issuedAt >= growthPauseMs) return "predict";
  const closedUntil = windowStartOf(now - settings.FORECAST_LATENESS_MINUTES * 60_000, WINDOW_MS);
  const hoursSinceDayStart = Math.floor((closedUntil - facts.dayStart) / hourMs);
  return facts.dayStart + hoursSinceDayStart * hourMs > last.cutoff ? "reissue" : "nothing";
}

/** What is known of one tenant's network. */
export interface TenantFacts {
  readonly now: number;
  /** When the business day of the tenant's first store began. */
  readonly dayStart: number;
  /** Trading days of all stores together. */
  readonly historyDays: number;
  /** Whether any store has history enough to train on. */
  readonly isTrainable: boolean;
  readonly champion?: { readonly trainedAt: number; readonly historyDays: number };
}

/** A network is trained anew once a business day, and when its history has doubled. */
export function isTrainingDue(facts: TenantFacts, settings: ForecasterSettings): boolean {
  if (settings.FORECAST_TRAINING === "off" || !facts.isTrainable) return false;
  if (facts.champion === undefined) return true;
  if (facts.historyDays >= facts.champion.historyDays * 2) return true;
  const dueAt = facts.dayStart + settings.FORECAST_MARGIN_MINUTES * 60_000;
  return facts.champion.trainedAt < dueAt && facts.now >= dueAt;
}
