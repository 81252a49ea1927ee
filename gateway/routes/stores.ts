import type { HttpServer } from "@tillcast/core";
import { StoreList, StoreView } from "@tillcast/schemas";
import type { GatewayDeps } from "../deps.ts";
import { principalOf } from "../http/access.ts";
import { StoreParams } from "../http/store-params.ts";
import { readAs } from "../queries/as-principal.ts";
import { loadStore, loadStores, viewStore } from "../queries/stores.ts";

/** The stores that the caller may see. */
export default async function storeRoutes(app: HttpServer, deps: GatewayDeps): Promise<void> {
  app.get(
    "/v1/stores",
    {
      config: { access: "sales:read" },
      schema: { tags: ["stores"], summary: "Stores you may see", response: { 200: StoreList } },
    },
    async (request) => {
      const principal = principalOf(request);
      const stores = await readAs(deps.database, principal, (tx) => loadStores(tx, principal));
      return { stores: stores.map((store) => viewStore(store, deps.clock.now())) };
    },
  );

  app.get(
    "/v1/stores/:storeId",
    {
      config: { access: "sales:read" },
      schema: {
        tags: ["stores"],
        summary: "One store",
        params: StoreParams,
        response: { 200: StoreView },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      const { storeId } = request.params;
      const store = await readAs(deps.database, principal, (tx) =>
        loadStore(tx, principal, storeId),
      );
      return viewStore(store, deps.clock.now());
    },
  );
}
