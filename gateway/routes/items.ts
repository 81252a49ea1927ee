import { principalOf } from "@tillcast/accounts";
import type { HttpServer } from "@tillcast/core/http";
import { businessDateOf, ItemsQuery, ItemsResponse } from "@tillcast/schemas";
import type { GatewayDeps } from "../deps.ts";
import { StoreParams } from "../http/store-params.ts";
import { readAs } from "../queries/as-principal.ts";
import { loadItems } from "../queries/items.ts";
import { loadStore } from "../queries/stores.ts";
import { readDate } from "../sales/read-instant.ts";

/** What was sold on a business date, item by item. */
export default async function itemRoutes(app: HttpServer, deps: GatewayDeps): Promise<void> {
  app.get(
    "/v1/stores/:storeId/items",
    {
      config: { access: "sales:read", limit: "requests" },
      schema: {
        tags: ["sales"],
        summary: "Items sold on a business date",
        description: "The item with the highest net sales first. Without a date: the present one.",
        params: StoreParams,
        querystring: ItemsQuery,
        response: { 200: ItemsResponse },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      return readAs(deps.database, principal, async (tx) => {
        const store = await loadStore(tx, principal, request.params.storeId);
        const given = request.query.businessDate;
        const businessDate =
          given === undefined
            ? businessDateOf(deps.clock.now(), store.timeZone, store.closeouts)
            : readDate(given, "businessDate");
        const items = await loadItems(tx, store.storeId, businessDate);
        return { storeId: store.storeId, businessDate, items };
      });
    },
  );
}
