/** Which stores a network can learn from. */
import { heldOutDays } from "../judge-models.ts";
import { weeklyHistoryDays } from "../models/baseline.ts";
import { openDays, type Series } from "../series.ts";

/** A network learns from at least a week beyond those that its features look back. */
const taughtDays = 7;

/** The trading days a store needs: those of the features, those taught, and those judged on. */
export const trainableDays: number = weeklyHistoryDays + taughtDays + heldOutDays;

/** Says whether a store has history enough to teach a network and to judge it. */
export function isTrainable(series: Series): boolean {
  return openDays(series) >= trainableDays;
}
