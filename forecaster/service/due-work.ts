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
  /** Whether that number has stood still for a while and nothing is filling in the past. */
  readonly isHistorySettled: boolean;
  /** The champion of the store's tenant; null where the baseline serves. */
  readonly championId: string | null;
  /** The newest vintage of quarters; absent when there is none that could be shown. */
  readonly last?: {
    readonly issuedAt: number;
    readonly cutoff: number;
    readonly businessDate: string;
    /** The model that made it; null for the baseline. */
    readonly modelId: string | null;
    /** History at that issue, where this process remembers it. */
    readonly historyDays?: number;
  };
}

/** `predict` makes all vintages anew as a job; `reissue` renews today's landing. */
export type DueForecast = "predict" | "reissue" | "nothing";

const hourMs = 3_600_000;
/** While history pours in, a store is forecast at this many days, and once more at twice as many. */
const firstDays = 28;
const recentDays = 56;
/** A settled history that grew by these days since the last forecast is a new history. */
const growthDays = 3;

/**
 * What one store's forecast needs now. A history that pours in is forecast twice on its way, since a
 * baseline reads eight weeks; then once more when it has settled.
 */
export function dueForecast(facts: StoreFacts, settings: ForecasterSettings): DueForecast {
  const { now, last, historyDays, isHistorySettled } = facts;
  if (historyDays === 0) return "nothing";
  if (last === undefined) {
    return isHistorySettled || historyDays >= firstDays ? "predict" : "nothing";
  }
  if (last.businessDate !== facts.today) {
    const marginMs = settings.FORECAST_MARGIN_MINUTES * 60_000;
    return now >= facts.dayStart + marginMs ? "predict" : "nothing";
  }
  if (last.modelId !== facts.championId) return "predict";
  const before = last.historyDays ?? historyDays;
  if (before < recentDays && historyDays >= recentDays) return "predict";
  if (isHistorySettled && historyDays >= before + growthDays) return "predict";
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
  /** Whether that number has stood still for a while and nothing is filling in the past. */
  readonly isHistorySettled: boolean;
  /** Whether any store has history enough to train on. */
  readonly isTrainable: boolean;
  /** The newest training, whether its network serves or lost; absent when it can serve no more. */
  readonly lastTraining?: { readonly trainedAt: number; readonly historyDays: number };
}

/**
 * A network is trained on a settled history only, since a half-loaded one teaches what never was: at
 * once where there is none, then once a business day, and when the history has doubled.
 */
export function isTrainingDue(facts: TenantFacts, settings: ForecasterSettings): boolean {
  if (settings.FORECAST_TRAINING === "off") return false;
  if (!facts.isTrainable || !facts.isHistorySettled) return false;
  const { lastTraining } = facts;
  if (lastTraining === undefined) return true;
  if (facts.historyDays >= lastTraining.historyDays * 2) return true;
  const dueAt = facts.dayStart + settings.FORECAST_MARGIN_MINUTES * 60_000;
  return lastTraining.trainedAt < dueAt && facts.now >= dueAt;
}
