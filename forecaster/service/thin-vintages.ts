/** Forecasts within a day are issued with every hour that closes; of days long gone, four are kept. */
import { runStatement } from "@tillcast/core/database";
import { DAY_MS } from "@tillcast/schemas";
import type { ServicePool } from "./stores.ts";

/** Whoever looks so far back wants to know how the day was expected to end, and not each hour's opinion. */
const wholeDays = 90;
const keptPerDay = 4;
/** Business days of stores thinned in one statement, each with some thirty vintages at most. */
const sliceMaxDays = 200;

/**
 * $1 the first business date that stays whole, $2 slice. The last of each quarter of a day's issues stays,
 * so that the day's very last one does, and a day that was thinned is left alone.
 */
const deleteCrowded = {
  name: "forecaster-thin-vintages",
  text: `
    with crowded as (
      select store_id, channel, business_date
      from forecast_vintage
      where grain = '15m' and business_date < $1::date
      group by store_id, channel, business_date
      having count(*) > ${keptPerDay}
      limit $2
    ),
    quartered as (
      select store_id, channel, issued_at, business_date,
        ntile(${keptPerDay}) over (partition by store_id, channel, business_date order by issued_at) as quarter
      from crowded
      join forecast_vintage using (store_id, channel, business_date)
      where grain = '15m'
    ),
    kept as (
      select store_id, channel, business_date, quarter, max(issued_at) as issued_at
      from quartered
      group by store_id, channel, business_date, quarter
    )
    delete from forecast_vintage as v
    using quartered
    join kept using (store_id, channel, business_date, quarter)
    where v.grain = '15m'
      and v.store_id = quartered.store_id
      and v.channel = quartered.channel
      and v.issued_at = quartered.issued_at
      and quartered.issued_at < kept.issued_at`,
};

/** Thins one slice of old days; true when there may be more. */
export async function thinVintages(pool: ServicePool, nowMs: number): Promise<boolean> {
  const firstWhole = new Date(nowMs - wholeDays * DAY_MS).toISOString().slice(0, 10);
  const { rowCount } = await runStatement(pool, deleteCrowded, [firstWhole, sliceMaxDays]);
  return (rowCount ?? 0) > 0;
}
