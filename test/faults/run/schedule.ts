import { type FailPointAction, type FailPointName, failPointActions } from "@tillcast/core";
import type { Dice } from "../../support/dice.ts";
import type { Fault } from "../kinds/fault.ts";

/** What a fail point is told to do, and when. */
export interface Ambush {
  readonly name: FailPointName;
  readonly action: FailPointAction;
}

/** One stretch of a run: orders flow, a fault strikes, and some fail points lie in wait. */
export interface Phase {
  readonly fault: Fault;
  readonly ambushes: readonly Ambush[];
}

/**
 * Draws a run's phases: each kind of fault once in each round, in another order each time, and each fail
 * point once in each round, at any of its phases. The first round kills at every fail point.
 */
export function drawSchedule(
  faults: readonly Fault[],
  failPoints: readonly FailPointName[],
  rounds: number,
  dice: Dice,
): Phase[] {
  return Array.from({ length: rounds }, (_, round) => {
    const places = failPoints.map((name) => ({
      name,
      action: round === 0 ? ("kill" as const) : dice.pick(failPointActions),
      at: dice.int(0, faults.length - 1),
    }));
    return shuffle(faults, dice).map((fault, at) => ({
      fault,
      ambushes: places
        .filter((place) => place.at === at)
        .map(({ name, action }) => ({ name, action })),
    }));
  }).flat();
}

function shuffle<Item>(items: readonly Item[], dice: Dice): Item[] {
  return items
    .map((item) => ({ item, place: dice.next() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
