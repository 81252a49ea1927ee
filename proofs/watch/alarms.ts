import type { Logger, Metrics } from "@tillcast/core";

/** What operators are told about; `docs/runbook.md` has a page for each. */
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
  intake_silent: "no feed is heard of",
  names_in_conflict: "orders bear the number of another",
};

/** Alarms for those who run the product, each raised or not. */
export interface Alarms {
  /** Says how it stands; `reason` is why it is raised, undefined when it is not. Only a change is logged. */
  report(name: AlarmName, reason: string | undefined): void;
  raised(): readonly AlarmName[];
}

/** Makes the alarms, none raised, with a metric and a log line at each raising and clearing. */
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
        deps.log.warn({ alarm: name }, `${sentences[name]}: no more`);
      }
    },
    raised: () => [...raised],
  };
}
