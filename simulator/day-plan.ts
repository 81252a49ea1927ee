import { MINUTE_MS } from "@tillcast/schemas";
import { arrivalsOf, openTimeOf } from "./demand.ts";
import { type LifeStory, tellStory } from "./life-story.ts";
import type { StoreProfile } from "./store-profile.ts";
import { stretchesOf, type Trouble } from "./trouble.ts";

/** The settings of all days of a simulation. */
export interface Scenario {
  readonly seed: number;
  /** `accountId` of the orders: the vendor account of the stores' feeds. */
  readonly accountId: string;
  readonly trouble: Trouble;
}

/** How long after closing the last guests pay. */
const LAST_CALL_MS = 20 * MINUTE_MS;

/**
 * Plans all orders that are opened on a business date (YYYY-MM-DD), by opening time. Each has its whole life, which may
 * end on the next day. Pure: history and live sales get the same day.
 */
export function planDay(
  profile: StoreProfile,
  scenario: Scenario,
  businessDate: string,
): LifeStory[] {
  const open = openTimeOf(profile, businessDate);
  if (open === undefined) return [];
  const outages = stretchesOf(profile, scenario.seed, businessDate, scenario.trouble).filter(
    (stretch) => stretch.kind === "outage",
  );
  const isDown = (atMs: number) =>
    outages.some(({ startMs, endMs }) => atMs >= startMs && atMs < endMs);
  // Orders get their numbers before an outage removes some, so that the others do not change.
  return arrivalsOf(profile, scenario.seed, businessDate).flatMap((openedMs, index) =>
    isDown(openedMs)
      ? []
      : [
          tellStory({
            ...scenario,
            profile,
            businessDate,
            number: index + 1,
            openedMs,
            lastCallMs: open.closeMs + LAST_CALL_MS,
          }),
        ],
  );
}
