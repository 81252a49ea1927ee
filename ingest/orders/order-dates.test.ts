import { OrderPushV1 } from "@tillcast/schemas";
import { expect, test } from "vitest";
import { aContext, anOrder } from "../testing/order-builders.ts";
import { withheldBecause } from "./authority.ts";
import { normaliseOrder } from "./normalise-order.ts";

test("an order outside its feed's authority dates is kept, and says which they are", () => {
  const because = (authorityFrom: string | null, authorityTo: string | null) =>
    withheldBecause({ authorityFrom, authorityTo }, "2026-11-20");
  const said = "kept, not counted: this feed is the authority";
  expect(because(null, null)).toBeNull();
  expect(because("2026-11-20", "2026-11-20")).toBeNull();
  expect(because("2026-11-21", null)).toBe(`${said} from 21 November 2026 on`);
  expect(because(null, "2026-11-19")).toBe(`${said} until 19 November 2026`);
  expect(because("2027-03-03", "2027-04-01")).toBe(`${said} from 3 March 2027 until 1 April 2027`);
});

test("a store that moved to another zone dates each order by the zone of its day", () => {
  const zones = [
    { effectiveFrom: "2000-01-01", timeZone: "Europe/Berlin" },
    { effectiveFrom: "2026-11-20", timeZone: "America/New_York" },
  ];
  const take = (change: Parameters<typeof anOrder>[0]) =>
    normaliseOrder(
      OrderPushV1.parse(anOrder(change)),
      aContext({ timeZone: "America/New_York", zones }),
    );
  // 02:50 in Berlin; in New York, where the night of the change ends at 09:00Z, it is the evening before.
  const early = { openedAt: "2026-11-20T01:45:00Z", paidAt: "2026-11-20T01:50:00Z" };
  expect(take(early)).toMatchObject({
    snapshot: { businessDate: "2026-11-19", timeZone: "Europe/Berlin" },
  });
  expect(take({})).toMatchObject({
    snapshot: { businessDate: "2026-11-20", timeZone: "America/New_York" },
  });
});
