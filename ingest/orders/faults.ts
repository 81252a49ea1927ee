import type { InputFault } from "@tillcast/schemas";

/** One reason why an order is rejected. */
export type Fault = InputFault;

/** Most faults listed for one order, so that an answer stays short. */
export const FAULTS_MAX_COUNT = 50;

/** Cuts a list of faults to the limit, and adds that it was cut. */
export function limitFaults(faults: readonly Fault[]): Fault[] {
  if (faults.length <= FAULTS_MAX_COUNT) return [...faults];
  const kept = faults.slice(0, FAULTS_MAX_COUNT);
  const left = faults.length - FAULTS_MAX_COUNT;
  return [...kept, { field: "order", reason: `has ${left} more faults` }];
}

/** Formats faults in one line, for logs and tables. */
export function faultsText(faults: readonly Fault[]): string {
  return faults.map(({ field, reason }) => `${field}: ${reason}`).join("; ");
}
