import { addDays, localMinuteOfDay } from "@tillcast/schemas";
import { expect, test } from "vitest";
import { dayDeliveries } from "./deliveries.ts";
import { demoStores } from "./demo-stores.ts";
import { expectedNet, expectedTotals } from "./expected-totals.ts";
import { noTrouble } from "./trouble.ts";

const DAYS = 28;

test.each(demoStores)("$key's last quarter hour is not its busiest of the evening", (profile) => {
  const scenario = { seed: 5, accountId: "last", trouble: noTrouble };
  const orders = Array.from({ length: DAYS }, (_, day) =>
    dayDeliveries(profile, scenario, addDays("2026-03-02", day)).map(({ order }) => order),
  ).flat();
  const byQuarter = new Map<number, number>();
  for (const total of expectedTotals(orders, [profile])) {
    const minute = localMinuteOfDay(total.windowStart, profile.timeZone);
    const sinceCloseout = (minute - profile.closeoutMinute + 1_440) % 1_440;
    byQuarter.set(sinceCloseout, (byQuarter.get(sinceCloseout) ?? 0) + Number(expectedNet(total)));
  }
  const quarters = [...byQuarter].sort(([a], [b]) => a - b).map(([, net]) => net);
  const hourBefore = quarters.slice(-5, -1);
  // It was: every table that was left paid at the last call, twice to four times the quarters before.
  expect(quarters.at(-1)).toBeLessThan(hourBefore.reduce((sum, net) => sum + net, 0) / 4);
});
