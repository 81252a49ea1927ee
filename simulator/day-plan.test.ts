import { addDays, businessDateOf, type OrderPush, OrderPushV1 } from "@tillcast/schemas";
import fc from "fast-check";
import { expect, test } from "vitest";
import { planDay, type Scenario } from "./day-plan.ts";
import { expectedTickets } from "./demand.ts";
import { closeoutsOf, type StoreProfile } from "./store-profile.ts";
import { storeProfiles } from "./store-profiles.ts";
import { heavyTrouble, mishaps, usualTrouble } from "./trouble.ts";

const heavy = (seed: number): Scenario => ({ seed, accountId: "demo", trouble: heavyTrouble });

const anyDay = fc.record({
  profile: fc.constantFrom(...storeProfiles),
  scenario: fc.integer({ min: 0, max: 1_000_000 }).map(heavy),
  // Two years, so that changes of the clock and holidays are among them.
  businessDate: fc.nat(730).map((day) => addDays("2025-06-01", day)),
});

test("a day is the same each time it is planned, and another seed's is another", () => {
  fc.assert(
    fc.property(anyDay, ({ profile, scenario, businessDate }) => {
      const plan = planDay(profile, scenario, businessDate);
      planDay(profile, scenario, addDays(businessDate, 1));
      expect(planDay(profile, scenario, businessDate)).toEqual(plan);
      if (plan.length > 0) {
        expect(planDay(profile, heavy(scenario.seed + 1), businessDate)).not.toEqual(plan);
      }
    }),
    { numRuns: 10 },
  );
});

test("every picture is a valid push whose sums agree, and versions rise with time", () => {
  fc.assert(
    fc.property(anyDay, ({ profile, scenario, businessDate }) => {
      for (const { pictures } of planDay(profile, scenario, businessDate)) {
        let before = { atMs: 0, version: 0 };
        for (const { atMs, order } of pictures) {
          const push = OrderPushV1.parse(JSON.parse(JSON.stringify(order)));
          expectSumsAgree(push, profile);
          expectNothingFromTheFuture(push, atMs);
          expect(atMs).toBeGreaterThan(before.atMs);
          expect(push.version.vendorVersion.value).toBe(before.version + 1);
          before = { atMs, version: before.version + 1 };
        }
      }
    }),
    { numRuns: 10 },
  );
});

test("orders are opened, paid and closed within their own business date, and ids never repeat", () => {
  fc.assert(
    fc.property(anyDay, ({ profile, scenario, businessDate }) => {
      const ids = new Set<string>();
      const stories = planDay(profile, scenario, businessDate);
      for (const { orderId, pictures } of stories) {
        ids.add(orderId);
        const last = OrderPushV1.parse(pictures.at(-1)?.order);
        const instants = [
          last.openedAt,
          last.paidAt ?? last.openedAt,
          last.closedAt ?? last.openedAt,
        ];
        for (const instant of instants) {
          const date = businessDateOf(instant, profile.timeZone, closeoutsOf(profile));
          expect(date).toBe(businessDate);
        }
      }
      expect(ids.size).toBe(stories.length);
    }),
    { numRuns: 10 },
  );
});

test("a corrected order keeps the instant at which it was paid", () => {
  const { stories } = aWeek(heavy(3));
  for (const { pictures } of stories) {
    const paid = pictures.map(({ order }) => order.paidAt).filter((paidAt) => paidAt != null);
    expect(new Set(paid).size).toBeLessThanOrEqual(1);
  }
});

test("each kind of mishap happens, and most tables are told while they are still open", () => {
  const { stories } = aWeek(heavy(11));
  for (const mishap of mishaps) expect(stories.some((story) => story.mishap === mishap)).toBe(true);
  const tables = stories.filter(({ pictures }) => pictures[0]?.order.guests != null);
  const open = tables.filter(({ pictures }) => pictures[0]?.order.status === "open");
  expect(open.length).toBe(tables.length);
  for (const { pictures } of tables) {
    const settled = pictures.find(({ order }) => order.status !== "open");
    const stayMinutes =
      ((settled?.atMs ?? 0) - Date.parse(pictures[0]?.order.openedAt ?? "")) / 60_000;
    expect(stayMinutes).toBeGreaterThan(11);
    expect(stayMinutes).toBeLessThan(121);
  }
});

test("a year's orders follow the profile, and busy days come in runs", () => {
  for (const profile of storeProfiles) {
    const days = Array.from({ length: 364 }, (_, day) => addDays("2026-01-05", day));
    const tickets = days.map((day) => expectedTickets(profile, 1, day));
    const mean = tickets.reduce((sum, value) => sum + value, 0) / tickets.length;
    expect(mean / profile.ticketsPerDay).toBeGreaterThan(0.88);
    expect(mean / profile.ticketsPerDay).toBeLessThan(1.15);
    expect(correlation(tickets.slice(7), tickets.slice(0, -7))).toBeGreaterThan(0.3);
  }
});

function aWeek(scenario: Scenario) {
  const days = Array.from({ length: 7 }, (_, day) => addDays("2026-03-02", day));
  const stories = storeProfiles.flatMap((profile) =>
    days.flatMap((day) => planDay(profile, scenario, day)),
  );
  return { stories };
}

function expectSumsAgree(push: OrderPush, profile: StoreProfile): void {
  for (const line of push.lines) {
    const inGross = profile.taxMode === "inclusive" ? line.tax : 0n;
    expect(line.net).toBe(line.gross - line.discount - inGross);
  }
  const standing = push.lines.filter((line) => line.voidedAt == null);
  const total = [...standing, ...push.charges].reduce(
    (sum, part) => sum + (part.net ?? 0n) + part.tax,
    0n,
  );
  if (push.totals !== undefined) expect(push.totals.total).toBe(total);
  const paid = push.payments.reduce((sum, payment) => sum + payment.amount, 0n);
  if (push.status === "closed") expect(paid).toBe(total);
  const refunded = push.refunds.reduce((sum, refund) => sum + refund.amount, 0n);
  expect(refunded <= total).toBe(true);
}

function expectNothingFromTheFuture(push: OrderPush, atMs: number): void {
  const instants = [push.openedAt, push.paidAt, push.closedAt, push.voidedAt].concat(
    push.lines.map((line) => line.voidedAt),
    push.payments.map((payment) => payment.at),
    push.refunds.map((refund) => refund.at),
  );
  for (const instant of instants) if (instant != null) expect(instant).toBeLessThanOrEqual(atMs);
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  const moment = (pairs: readonly (readonly [number, number])[]) =>
    pairs.reduce((sum, [left, right]) => sum + left * right, 0);
  const left = a.map((value) => value - meanA);
  const right = b.map((value) => value - meanB);
  return (
    moment(left.map((value, at) => [value, right[at] ?? 0])) /
    Math.sqrt(
      moment(left.map((value) => [value, value])) * moment(right.map((value) => [value, value])),
    )
  );
}

test("an ordinary scenario leaves nine orders in ten as they are", () => {
  const { stories } = aWeek({ seed: 1, accountId: "demo", trouble: usualTrouble });
  const plain = stories.filter((story) => story.mishap === undefined);
  expect(plain.length / stories.length).toBeGreaterThan(0.88);
});
