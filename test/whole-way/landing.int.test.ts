import { dateArray, float8Array, timestamptzArray } from "@tillcast/core/database";
import {
  forecastQuantiles,
  type LiveSnapshot,
  type Overview,
  slotsOfBusinessDay,
  WINDOW_MS,
} from "@tillcast/schemas";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GatewayHarness, openGatewayHarness } from "../../gateway/testing/harness.ts";
import { addKey, addTenant } from "../../gateway/testing/people.ts";
import { addStore, postSale, type TestStore } from "../../gateway/testing/sales.ts";
import { type DayPicture, dayPicture } from "../../web/live/day-picture.ts";
import { toldShare } from "../../web/live/deviation.ts";
import { applySnapshot } from "../../web/live/live-state.ts";
import { storeRow } from "../../web/stores/store-rows.ts";

/** Sunday in Berlin, whose business day lasts from 04:00 to 04:00. */
const DATE = "2026-03-01";
const DAY_START = Date.parse("2026-03-01T03:00:00Z");
const closeouts = [{ effectiveFrom: "2020-01-01", closeoutMinute: 240 }];
const starts = slotsOfBusinessDay(DATE, "Europe/Berlin", closeouts, WINDOW_MS);
/** Each run makes a store and pushes to it; both answers are read after each push. */
const RUNS = 20;

let harness: GatewayHarness;
beforeAll(async () => {
  harness = await openGatewayHarness();
});
afterAll(() => harness.close());

const levels = fc
  .array(fc.integer({ min: 0, max: 80_000 }), { minLength: 11, maxLength: 11 })
  .map((values) => values.toSorted((a, b) => a - b));
const anyDay = fc.record({
  /** Quarters of an hour into the day, at which it is looked at. */
  quarter: fc.double({ min: 1, max: 95.9, noNaN: true }),
  issues: fc.array(
    fc.record({ levels, landing: levels, issuedAt: fc.double({ min: 0, max: 1, noNaN: true }) }),
    { minLength: 1, maxLength: 2 },
  ),
  pushes: fc.array(
    fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      net: fc.bigInt({ min: -20_000n, max: 600_000n }),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  daysKnown: fc.constantFrom(3, 14),
  feed: fc.constantFrom("live", "late", "closed", "none"),
});
type AnyDay = typeof anyDay extends fc.Arbitrary<infer Made> ? Made : never;

test("over any pushes between two issues the list's landing is the page's, ordered, and never below what is counted", async () => {
  await fc.assert(
    fc.asyncProperty(anyDay, async (made) => {
      const now = Math.round(DAY_START + made.quarter * WINDOW_MS);
      harness.clock.set(now);
      const { service } = harness.test.database;
      const tenantId = await addTenant(service);
      const authorization = await addKey(service, tenantId, ["sales:read"]);
      const store = await addStore(service, { tenantId });
      await begin(store, made, now);
      for (const { at, net } of made.pushes) {
        const soldAt = Math.floor(DAY_START + at * (now - 1 - DAY_START));
        await postSale(service, store, { at: soldAt, net, gross: net });
        await compare(store, authorization, now);
      }
    }),
    { numRuns: RUNS },
  );
});

async function compare({ storeId }: TestStore, authorization: string, now: number): Promise<void> {
  const { stores } = await get<Overview>("/v1/overview", authorization);
  const [answer] = stores;
  const snapshot = await get<LiveSnapshot>(`/v1/stores/${storeId}/live`, authorization);
  if (answer === undefined) throw new Error("the store is missing");
  const page = dayPicture(applySnapshot(snapshot), now);
  const row = storeRow(answer, now);
  expect(page.net).toBe(row.net);
  for (const one of [page, row]) mayBeSaid(one);
  if (answer.landing === null || page.landing === null) return;
  const counted = Number(page.net);
  const { low, p10, p50, p90, high } = answer.landing;
  expect([counted, low, p10, p50, p90, high]).toEqual(
    [counted, low, p10, p50, p90, high].toSorted((a, b) => a - b),
  );
  for (const edge of ["low", "p10", "p50", "p90", "high"] as const) {
    expect(page.landing[edge]).toBeCloseTo(answer.landing[edge], 3);
  }
}

/** A percentage stands only beside sales outside the usual range of a store that is known. */
function mayBeSaid(one: Pick<DayPicture, "deviation" | "net" | "expected" | "daysKnown">): void {
  if (toldShare(one.deviation) === null) return;
  const amount = Number(one.net);
  expect(one.daysKnown).toBe(14);
  expect(amount).toBeGreaterThan(0);
  expect(amount < (one.expected?.p10 ?? 0) || amount > (one.expected?.p90 ?? 0)).toBe(true);
}

/** The store's days before, its till, and the forecasts that were issued for the day. */
async function begin(store: TestStore, made: AnyDay, now: number): Promise<void> {
  const { service } = harness.test.database;
  for (let day = 1; day <= made.daysKnown; day += 1) {
    await postSale(service, store, { at: DAY_START - day * 86_400_000 + 3_600_000, net: 1_000n });
  }
  if (made.feed !== "none") {
    const reached = made.feed === "late" ? now - 47 * 60_000 : now;
    await service.query(
      `insert into feed (tenant_id, source, account_id, location_id, store_id, state, state_since, watermark,
         last_proof_at)
       values ($1, 'push', 'default', $2::uuid::text, $2, $3, $4, $4, $4)`,
      [store.tenantId, store.storeId, made.feed, new Date(Math.max(DAY_START, reached))],
    );
  }
  for (const { levels: row, landing, issuedAt } of made.issues) {
    const at = new Date(DAY_START + issuedAt * (now - DAY_START));
    await service.query(
      `insert into forecast_vintage (store_id, channel, grain, issued_at, tenant_id, cutoff, model_name,
         version, business_date, starts, quantiles, "values", landing)
       values ($1, 'all', '15m', $2, $3, $2, 'test', 1, ($4::date[])[1], $5, $6, $7, $8)
       on conflict do nothing`,
      [
        store.storeId,
        at,
        store.tenantId,
        dateArray([DATE]),
        timestamptzArray(starts),
        float8Array([...forecastQuantiles]),
        float8Array(starts.flatMap(() => row)),
        float8Array(landing),
      ],
    );
  }
}

async function get<Answer>(url: string, authorization: string): Promise<Answer> {
  const answer = await harness.http.inject({ url, headers: { authorization } });
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json<Answer>();
}
