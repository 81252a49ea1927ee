import type { Logger, Metrics } from "@tillcast/core";

/** The alarms for operators. `docs/runbook.md` has a section for each. */
export const alarmNames = [
  "orders_do_not_balance",
  "orders_late",
  "intake_silent",
  "names_in_conflict",
] as const;
export type AlarmName = (typeof alarmNames)[number];

const sentences: Readonly<Record<AlarmName, string>> = {
  orders_do_not_balance: "orders do not balance",
  orders_late: "orders are settled late",
  intake_silent: "no till has sent anything",
  names_in_conflict: "orders have the number of another order",
};

/** The alarms of one process. */
export interface Alarms {
  /** Raises an alarm for a reason, or clears it if the reason is undefined. Only changes are logged. */
  report(name: AlarmName, reason: string | undefined): void;
  raised(): readonly AlarmName[];
}

/** Makes the alarms, none of them raised. Each change sets the metric and writes a log line. */
export function makeAlarms(deps: { readonly metrics: Metrics; readonly log: Logger }): Alarms {
  const gauge = deps.metrics.gauge({
    name: "tillcast_alarm",
    help: "1 while an alarm for operators is raised, by name.",
    labelNames: ["name"],
  });
  const raised = new Set<AlarmName>();
  for (const name of alarmNames) gauge.set({ name }, 0);
  return {
    report(name, reason) {
      gauge.set({ name }, reason === undefined ? 0 : 1);
      if (reason !== undefined && !raised.has(name)) {
        raised.add(name);
        deps.log.error({ alarm: name, reason }, sentences[name]);
      }
      if (reason === undefined && raised.delete(name)) {
        deps.log.warn({ alarm: name }, `alarm cleared: ${sentences[name]}`);
      }
    },
    raised: () => [...raised],
  };
}
