import { principalOf } from "@tillcast/accounts";
import type { HttpServer } from "@tillcast/core/http";
import { SalesQuery, SalesResponse } from "@tillcast/schemas";
import type { GatewayDeps } from "../deps.ts";
import { plainJson } from "../http/plain-json.ts";
import { StoreParams } from "../http/store-params.ts";
import { readAs } from "../queries/as-principal.ts";
import { loadSales } from "../queries/sales.ts";
import { loadCursor } from "../queries/store-cursor.ts";
import { loadStore } from "../queries/stores.ts";
import { readSalesRange } from "../sales/sales-range.ts";

const description = `Sales of a store in windows of one grain.

\`from\` is inclusive, \`to\` exclusive: business dates (YYYY-MM-DD) for \`business-day\`, else instants with
an offset, or dates and times without one by the store's clock. A window belongs to the range in which it
starts and is always whole. \`hour\` are hours of the store's clock, \`day\` its calendar days (23 to 25
hours long), \`business-day\` its trading days, which turn at the closeout. One row for each window and
currency (and channel with \`by=channel\`); windows without sales are left out. \`businessDate\` is null
where a window's sales belong to several.

\`net\` is after discounts plus the charges that the tenant counts, minus refunds and voids, without tax.
Most days in one request: 62 for \`15m\`, 400 for \`hour\`, 4,000 for \`day\` and \`business-day\`.`;

/** Sales by window. */
export default async function salesRoutes(app: HttpServer, deps: GatewayDeps): Promise<void> {
  app.get(
    "/v1/stores/:storeId/sales",
    {
      config: { access: "sales:read", limit: "requests" },
      serializerCompiler: plainJson,
      schema: {
        tags: ["sales"],
        summary: "Sales by window",
        description,
        params: StoreParams,
        querystring: SalesQuery,
        response: { 200: SalesResponse },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      const { query } = request;
      return readAs(deps.database, principal, async (tx) => {
        const store = await loadStore(tx, principal, request.params.storeId);
        const range = readSalesRange(query, store);
        const { epoch, windows } = await loadCursor(tx, store.storeId);
        const answer: SalesResponse = {
          storeId: store.storeId,
          timeZone: store.timeZone,
          currency: store.currency,
          grain: range.grain,
          from: new Date(range.startMs).toISOString(),
          to: new Date(range.endMs).toISOString(),
          cursor: { epoch, windows },
          windows: await loadSales(tx, store, range, query.by === "channel"),
        };
        return answer;
      });
    },
  );
}
