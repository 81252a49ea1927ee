import { dateArray, type Transaction, uuidArray } from "@tillcast/core/database";
import { type Bounds, DAY_MS, type ForecastGrain, type LiveForecast } from "@tillcast/schemas";
import { selectRows } from "./select-rows.ts";

/** The channel of a forecast of the whole store. */
export const allChannels = "all";

/** A stored vintage; its values lie step after step, one per quantile. */
export interface VintageRow {
  readonly store_id: string;
  readonly grain: ForecastGrain;
  readonly issued_at: number;
  readonly cutoff: number;
  readonly model_name: string;
  readonly business_date: string | null;
  readonly starts: number[];
  readonly quantiles: number[];
  readonly values: number[];
  readonly landing: number[] | null;
}

const vintageColumns = `
  v.store_id,
  v.grain,
  v.issued_at,
  v.cutoff,
  v.model_name,
  v.business_date,
  v.starts,
  v.quantiles,
  v."values",
  v.landing`;

/** A day's forecasts are issued while it lasts, or shortly before: no need to look further back. */
const issuedWithinMs = 3 * DAY_MS;

/** The newest vintage of each store's business date. */
const selectDayForecasts = `
select ${vintageColumns}
from unnest($1::uuid[], $2::date[]) as wanted (store_id, business_date)
cross join lateral (
  select *
  from forecast_vintage f
  where f.store_id = wanted.store_id
    and f.channel = '${allChannels}'
    and f.grain = '15m'
    and f.issued_at >= $3
    and f.business_date = wanted.business_date
  order by f.issued_at desc
  limit 1
) v`;

/** The forecast of each store's present business day by quarter hours; no entry where there is none. */
export async function loadDayForecasts(
  tx: Transaction,
  days: readonly { readonly storeId: string; readonly businessDate: string }[],
  nowMs: number,
): Promise<ReadonlyMap<string, LiveForecast>> {
  const rows = await selectRows<VintageRow>(tx, selectDayForecasts, [
    uuidArray(days.map((day) => day.storeId)),
    dateArray(days.map((day) => day.businessDate)),
    new Date(nowMs - issuedWithinMs),
  ]);
  return new Map(rows.map((row) => [row.store_id, viewForecast(row)]));
}

/** The newest vintage of a business date, however long ago it was issued. */
const selectPastForecast = `
select ${vintageColumns}
from forecast_vintage v
where v.store_id = $1
  and v.channel = '${allChannels}'
  and v.grain = '15m'
  and v.business_date = $2
order by v.issued_at desc
limit 1`;

/** What was last expected of a business day of the past by quarter hours; undefined where nothing was. */
export async function loadPastForecast(
  tx: Transaction,
  storeId: string,
  businessDate: string,
): Promise<LiveForecast | undefined> {
  const [row] = await selectRows<VintageRow>(tx, selectPastForecast, [storeId, businessDate]);
  return row === undefined ? undefined : viewForecast(row);
}

/** For each business date of a range the newest vintage by quarter hours. */
const selectQuarterHours = `
select ${vintageColumns}
from (
  select distinct on (f.business_date) f.*
  from forecast_vintage f
  where f.store_id = $1
    and f.channel = '${allChannels}'
    and f.grain = '15m'
    and f.issued_at >= $2
    and f.issued_at < $3
    and f.business_date >= $4
    and f.business_date <= $5
  order by f.business_date, f.issued_at desc
) v
order by v.business_date`;

/** The newest vintage of a longer grain with a step in a range. */
const selectNewest = `
select ${vintageColumns}
from forecast_vintage v
where v.store_id = $1
  and v.channel = '${allChannels}'
  and v.grain = $2
  and v.issued_at >= $3
  and v.starts[cardinality(v.starts)] >= $4
  and v.starts[1] < $5
order by v.issued_at desc
limit 1`;

/** Steps reach at most this far beyond the issue. */
const aheadMaxMs = 60 * DAY_MS;

/** Business dates by quarter hours, each as it was seen last. */
export async function loadQuarterForecasts(
  tx: Transaction,
  storeId: string,
  range: Bounds,
  dates: { readonly first: string; readonly last: string },
): Promise<LiveForecast[]> {
  const rows = await selectRows<VintageRow>(tx, selectQuarterHours, [
    storeId,
    new Date(range.startMs - issuedWithinMs),
    new Date(range.endMs + issuedWithinMs),
    dates.first,
    dates.last,
  ]);
  return rows.map(viewForecast);
}

/** The newest forecast by hours or days that has a step in a range. */
export async function loadNewestForecast(
  tx: Transaction,
  storeId: string,
  grain: Exclude<ForecastGrain, "15m">,
  range: Bounds,
): Promise<LiveForecast[]> {
  const rows = await selectRows<VintageRow>(tx, selectNewest, [
    storeId,
    grain,
    new Date(range.startMs - aheadMaxMs),
    new Date(range.startMs),
    new Date(range.endMs),
  ]);
  return rows.map(viewForecast);
}

/** A vintage as clients get it: one row of quantiles for each step. */
export function viewForecast(row: VintageRow): LiveForecast {
  const width = row.quantiles.length;
  return {
    grain: row.grain,
    issuedAt: row.issued_at,
    cutoff: row.cutoff,
    modelName: row.model_name,
    businessDate: row.business_date,
    starts: row.starts,
    quantiles: row.quantiles,
    values: row.starts.map((_, step) => row.values.slice(step * width, (step + 1) * width)),
    landing: row.landing,
  };
}
