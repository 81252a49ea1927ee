import { setTimeout as pause } from "node:timers/promises";
import { makeDice } from "../../support/dice.ts";
import type { LogKind } from "../world/log-side.ts";
import { brokerFaults } from "./broker.ts";
import { fullDisk, immediateRestart } from "./database.ts";
import type { Fault } from "./fault.ts";
import { checkpointBeyondEnd } from "./log-behind.ts";
import { networkFaults } from "./network.ts";
import { databaseBehindLog, logBehindDatabase } from "./older-copies.ts";
import { kills, scaling, shiftedClocks, stops } from "./processes.ts";

/** Every kind of fault of both worlds. */
const everyFault: readonly Fault[] = [
  ...kills,
  ...stops,
  ...networkFaults,
  immediateRestart,
  fullDisk,
  shiftedClocks,
  scaling,
  checkpointBeyondEnd,
  ...brokerFaults,
  databaseBehindLog,
  logBehindDatabase,
];

/** No fault, for phases in which a run only waits for fail points. */
export const calm: Fault = { name: "calm", strike: () => pause(calmMs) };

const calmMs = 1_000;

/** The faults of a world, or the named ones. Reports those that this machine cannot do. */
export function faultsOf(logKind: LogKind, only?: readonly string[]): Fault[] {
  const ofWorld = everyFault
    .filter((fault) => (fault.only ?? logKind) === logKind)
    .filter(({ name }) => only?.includes(name) ?? true);
  for (const { name, isImpossible } of ofWorld) {
    if (isImpossible === true) console.log(`SKIPPED ${name}: only root may mount a small disk`);
  }
  return ofWorld.filter(({ isImpossible }) => isImpossible !== true);
}

/** A world's own faults, and half of those that both worlds could have. The other world gets the other half. */
export function shareOf(faults: readonly Fault[], logKind: LogKind, seed: number): Fault[] {
  const dice = makeDice(seed);
  const common = faults
    .filter((fault) => fault.only === undefined)
    .map((fault) => ({ fault, place: dice.next() }))
    .sort((a, b) => a.place - b.place)
    .map(({ fault }) => fault);
  const mine = common.filter((_, at) => (at % 2 === 0) === (logKind === "postgres"));
  return faults.filter((fault) => fault.only === logKind || mine.includes(fault));
}
