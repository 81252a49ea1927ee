import { principalOf } from "@tillcast/accounts";
import type { HttpServer } from "@tillcast/core/http";
import { TendersQuery, TendersResponse } from "@tillcast/schemas";
import type { GatewayDeps } from "../deps.ts";
import { StoreParams } from "../http/store-params.ts";
import { readAs } from "../queries/as-principal.ts";
import { loadStore } from "../queries/stores.ts";
import { loadTenders } from "../queries/tenders.ts";
import { readSalesRange } from "../sales/sales-range.ts";

const description = `Money taken and given back by each tender, for the tie with the till's close-out.

\`from\` is inclusive, \`to\` exclusive, both business dates. A payment belongs to the business date on
which it was made, so that an order paid a day later is in the tenders of that day. \`amount\` is without
tips; \`refunded\` is positive and has the tips that were given back. One row for each business date,
method and currency. At most 4,000 days.`;

/** Tender totals by business date. */
export default async function tenderRoutes(app: HttpServer, deps: GatewayDeps): Promise<void> {
  app.get(
    "/v1/stores/:storeId/tenders",
    {
      config: { access: "sales:read", limit: "requests" },
      schema: {
        tags: ["sales"],
        summary: "Tenders by business date",
        description,
        params: StoreParams,
        querystring: TendersQuery,
        response: { 200: TendersResponse },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      return readAs(deps.database, principal, async (tx) => {
        const store = await loadStore(tx, principal, request.params.storeId);
        const { from, to } = request.query;
        readSalesRange({ from, to, grain: "business-day" }, store);
        return { tenders: await loadTenders(tx, store.storeId, { from, to }) };
      });
    },
  );
}
