import { principalOf } from "@tillcast/accounts";
import type { Transaction } from "@tillcast/core/database";
import type { HttpServer } from "@tillcast/core/http";
import {
  addDays,
  type Bounds,
  businessDateOf,
  businessDayBounds,
  DAY_MS,
  type ForecastGrain,
  ForecastsQuery,
  ForecastsResponse,
} from "@tillcast/schemas";
import type { GatewayDeps } from "../deps.ts";
import { StoreParams } from "../http/store-params.ts";
import { readAs } from "../queries/as-principal.ts";
import { loadNewestForecast, loadQuarterForecasts } from "../queries/forecasts.ts";
import { loadStore, type Store } from "../queries/stores.ts";
import { invalid, readInstant } from "../sales/read-instant.ts";

/** Business days from today on that are answered where the query does not say. */
const daysDefault = { "15m": 1, hour: 14, day: 56 } as const;
/** The most days that one request may span. */
const daysMax = { "15m": 31, hour: 400, day: 4_000 } as const;

const description = `Forecasts of net sales whose steps reach into the range, with one value per quantile
for each step, in minor units of the store's currency. Of quarter hours, the newest for each business date; of hours
and days, the newest. Without a range: today (\`15m\`), the next 14 days (\`hour\`), the next 56 (\`day\`).`;

/** Forecasts as they stand. */
export default async function forecastRoutes(app: HttpServer, deps: GatewayDeps): Promise<void> {
  app.get(
    "/v1/stores/:storeId/forecasts",
    {
      config: { access: "sales:read", limit: "requests" },
      schema: {
        tags: ["forecasts"],
        summary: "Forecasts of a store",
        description,
        params: StoreParams,
        querystring: ForecastsQuery,
        response: { 200: ForecastsResponse },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      return readAs(deps.database, principal, async (tx) => {
        const store = await loadStore(tx, principal, request.params.storeId);
        const range = readRange(request.query, store, deps.clock.now());
        const forecasts = await loadForecasts(tx, store, request.query.grain, range);
        return { storeId: store.storeId, forecasts };
      });
    },
  );
}

function loadForecasts(tx: Transaction, store: Store, grain: ForecastGrain, range: Bounds) {
  if (range.startMs === range.endMs) return [];
  if (grain !== "15m") return loadNewestForecast(tx, store.storeId, grain, range);
  const dateOf = (ms: number) => businessDateOf(ms, store.timeZone, store.closeouts);
  const dates = { first: dateOf(range.startMs), last: dateOf(range.endMs - 1) };
  return loadQuarterForecasts(tx, store.storeId, range, dates);
}

function readRange(query: ForecastsQuery, store: Store, nowMs: number) {
  const { timeZone, closeouts } = store;
  const { grain } = query;
  const today = businessDateOf(nowMs, timeZone, closeouts);
  const startOf = (date: string) => businessDayBounds(date, timeZone, closeouts).startMs;
  const startMs =
    query.from === undefined ? startOf(today) : readInstant(query.from, "from", timeZone);
  const endMs =
    query.to === undefined
      ? Math.max(startOf(addDays(today, daysDefault[grain])), startMs)
      : readInstant(query.to, "to", timeZone);
  if (endMs < startMs) throw invalid("to", "lies before from");
  if (endMs - startMs > daysMax[grain] * DAY_MS + DAY_MS / 24) {
    throw invalid("to", `is more than ${daysMax[grain]} days after from, the most for ${grain}`);
  }
  return { startMs, endMs };
}
