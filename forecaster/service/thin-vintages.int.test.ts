import { randomUUID } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@tillcast/core/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seedShop } from "../testing/seed-shop.ts";
import { thinVintages } from "./thin-vintages.ts";

const closeouts = [{ effectiveFrom: "2020-01-01", closeoutMinute: 240 }];
const shop = { tenantId: randomUUID(), storeId: randomUUID(), zone: "Europe/Berlin", closeouts };
const now = Date.parse("2026-11-27T12:00:00Z");

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await seedShop(db.database, shop);
  // Ten issues of a day 91 days ago and of one 90 days ago, an hour apart; three of a quiet day.
  for (const [date, issues] of [
    ["2026-08-28", 10],
    ["2026-08-29", 10],
    ["2026-05-01", 3],
  ] as const) {
    await db.database.service.query(
      `insert into forecast_vintage (store_id, channel, grain, issued_at, tenant_id, cutoff, model_name,
         version, business_date, starts, quantiles, "values")
       select $1, 'all', grain, $3::date + hour * interval '1 hour', $2, $3::date, 'm', hour, $3, '{}', '{}', '{}'
       from generate_series(8, 7 + $4::int) as hour, unnest(array['15m', 'hour']) as grain`,
      [shop.storeId, shop.tenantId, date, issues],
    );
  }
});
afterAll(() => db.drop());

test("of a day older than 90 days four issues within the day stay, the last among them, and no others go", async () => {
  while (await thinVintages(db.database.service, now));
  expect(await hoursOf("15m")).toEqual({
    "2026-05-01": [8, 9, 10],
    "2026-08-28": [10, 13, 15, 17],
    "2026-08-29": [8, 9, 10, 11, 12, 13, 14, 15, 16, 17],
  });
  expect(Object.values(await hoursOf("hour")).flat()).toHaveLength(23);
});

async function hoursOf(grain: string): Promise<Record<string, number[]>> {
  const { rows } = await db.database.service.query<{ date: string; hours: number[] }>(
    `select business_date::text as date, array_agg(extract(hour from issued_at)::int order by issued_at) as hours
     from forecast_vintage where grain = $1 group by business_date`,
    [grain],
  );
  return Object.fromEntries(rows.map(({ date, hours }) => [date, hours]));
}
