import type { Database } from "@tillcast/core/database";
import { addDays, businessDayBounds, type CloseoutHistory, dayOfWeek } from "@tillcast/schemas";

/** One German shop that takes euros, as integration tests need it. */
export interface SeededShop {
  readonly tenantId: string;
  readonly storeId: string;
  readonly zone: string;
  readonly closeouts: CloseoutHistory;
}

/** Writes down the shop, and its tenant where it is new. */
export async function seedShop(database: Database, shop: SeededShop): Promise<void> {
  await database.service.query(
    "insert into tenant (tenant_id, name) values ($1, 'Demo') on conflict do nothing",
    [shop.tenantId],
  );
  await database.service.query(
    `insert into store (store_id, tenant_id, name, time_zone, currency, country)
      values ($1, $2, 'Shop', $3, 'EUR', 'DE')`,
    [shop.storeId, shop.tenantId, shop.zone],
  );
  for (const { effectiveFrom, closeoutMinute } of shop.closeouts) {
    await database.service.query(
      `insert into store_closeout (store_id, tenant_id, effective_from, closeout_minute)
        values ($1, $2, $3, $4)`,
      [shop.storeId, shop.tenantId, effectiveFrom, closeoutMinute],
    );
  }
}

/** What a quarter sells on a day: about 10.00 in the beginning and 1.2 % more each day; twice that at weekends. */
export function quarterNetOf(date: string, index: number): number {
  const usual = (dayOfWeek(date) >= 6 ? 200 : 100) * 1.012 ** index;
  return 10 * Math.round(usual * (1 + 0.1 * Math.sin(index * index)));
}

const quarterMs = 900_000;
const quartersOpen = 40;
/** Noon, for a closeout at 04:00. */
const opensAfterMs = 8 * 3_600_000;
const quartersByTable = { rollup_15m: 1, rollup_hour: 4, rollup_day: quartersOpen };

/** Sells in every quarter from noon to 22:00, with a service charge of a tenth on top. */
export async function seedSales(
  database: Database,
  shop: SeededShop,
  sales: { readonly fromDate: string; readonly days: number; readonly untilMs: number },
): Promise<void> {
  for (const [table, size] of Object.entries(quartersByTable)) {
    for (let index = 0; index < sales.days; index++) {
      const date = addDays(sales.fromDate, index);
      const { startMs } = businessDayBounds(date, shop.zone, shop.closeouts);
      const starts = Array.from(
        { length: quartersOpen },
        (_, step) => startMs + opensAfterMs + step * quarterMs,
      )
        .filter((start) => start < sales.untilMs)
        .filter((_, step) => step % size === 0);
      if (starts.length > 0)
        await seedRows(database, shop, table, date, starts, quarterNetOf(date, index) * size);
    }
  }
}

const noCharges = `gross, discount, charge_gratuity, charge_delivery, charge_surcharge, charge_donation,
  charge_rounding, charge_other, refund, void, tax, tip`;
const zeros = "0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0";

async function seedRows(
  database: Database,
  { storeId, tenantId }: SeededShop,
  table: string,
  date: string,
  starts: readonly number[],
  net: number,
): Promise<void> {
  const isTimed = table !== "rollup_day";
  await database.service.query(
    `insert into ${table} (store_id, business_date, channel, currency, tenant_id, seq, net,
        charge_service, ${noCharges}, orders, guests, items ${isTimed ? ", window_start" : ""})
      select $1, $2, 0, 'EUR', $3, 1, $4, $5, ${zeros}, 1, 1, 1
        ${isTimed ? ", to_timestamp(start / 1000)" : ""}
      from unnest($6::float8[]) as start`,
    [storeId, date, tenantId, net, net / 10, starts],
  );
}
