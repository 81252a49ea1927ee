import { fullDisk, immediateRestart } from "./database.ts";
import type { Fault } from "./fault.ts";
import { checkpointBeyondEnd } from "./log-behind.ts";
import { networkFaults } from "./network.ts";
import { kills, scaling, shiftedClocks, stops } from "./processes.ts";

/** Every kind of fault of both worlds. */
export const everyFault: readonly Fault[] = [
  ...kills,
  ...stops,
  ...networkFaults,
  immediateRestart,
  fullDisk,
  shiftedClocks,
  scaling,
  checkpointBeyondEnd,
];
