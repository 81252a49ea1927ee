import type { InputFault } from "@tillcast/schemas";

/** One reason why an order cannot be taken. */
export type Fault = InputFault;

/** Most faults named for one order, so that an answer stays readable and bounded. */
export const FAULTS_MAX_COUNT = 50;

/** Cuts a list of faults to its limit, and says so. */
export function limitFaults(faults: readonly Fault[]): Fault[] {
  if (faults.length <= FAULTS_MAX_COUNT) return [...faults];
  const kept = faults.slice(0, FAULTS_MAX_COUNT);
  const left = faults.length - FAULTS_MAX_COUNT;
  return [...kept, { field: "order", reason: `has ${left} more faults` }];
}

/** Faults in one line, for a log and for those who read tables. */
export function faultsText(faults: readonly Fault[]): string {
  return faults.map(({ field, reason }) => `${field}: ${reason}`).join("; ");
}
