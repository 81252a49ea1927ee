import { MINUTE_MS } from "@tillcast/schemas";
import { arrivalsOf, openTimeOf } from "./demand.ts";
import { type LifeStory, tellStory } from "./life-story.ts";
import type { StoreProfile } from "./store-profile.ts";
import { stretchesOf, type Trouble } from "./trouble.ts";

/** What all days of a simulation have in common. */
export interface Scenario {
  readonly seed: number;
  /** `accountId` of the orders: the vendor account that the stores' feeds belong to. */
  readonly accountId: string;
  readonly trouble: Trouble;
}

/** The last guests pay this long after the door has closed. */
const LAST_CALL_MS = 20 * MINUTE_MS;

/**
 * All orders that begin on a business date (YYYY-MM-DD), in the order of their opening, each with its
 * whole life, which may reach into the next day. Pure: history and live plan the very same day.
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
  // Numbers are given before an outage takes its orders away, so that the others stay as they are.
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
