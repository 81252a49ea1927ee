import { changeStore, principalOf } from "@tillcast/accounts";
import { asTenant } from "@tillcast/core/database";
import type { HttpServer } from "@tillcast/core/http";
import { StoreList, StorePatch, StoreView } from "@tillcast/schemas";
import type { GatewayDeps } from "../deps.ts";
import { actorIn } from "../http/request-actor.ts";
import { StoreParams } from "../http/store-params.ts";
import { readAs } from "../queries/as-principal.ts";
import { loadStore, loadVisibleStores, viewStore } from "../queries/stores.ts";

/** The stores that the caller may see. */
export default async function storeRoutes(app: HttpServer, deps: GatewayDeps): Promise<void> {
  app.get(
    "/v1/stores",
    {
      config: { access: "sales:read", limit: "requests" },
      schema: { tags: ["stores"], summary: "Stores you may see", response: { 200: StoreList } },
    },
    async (request) => {
      const principal = principalOf(request);
      const stores = await readAs(deps.database, principal, (tx) =>
        loadVisibleStores(tx, principal),
      );
      return { stores: stores.map((store) => viewStore(store, deps.clock.now())) };
    },
  );

  app.get(
    "/v1/stores/:storeId",
    {
      config: { access: "sales:read", limit: "requests" },
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

  app.patch(
    "/v1/stores/:storeId",
    {
      config: { access: "tenant:manage", limit: "requests", audit: "store set" },
      schema: {
        tags: ["stores"],
        summary: "Set a store's name, zone, closeout, groups, currency or end",
        description: changeDescription,
        params: StoreParams,
        body: StorePatch,
        response: { 200: StoreView },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      const { tenantId } = principal;
      const { storeId } = request.params;
      const { closeout, ...change } = request.body;
      const by = actorIn(request, deps.clock);
      await changeStore(deps.database.service, {
        tenantId,
        storeId,
        change: {
          ...change,
          ...(closeout && { closeout: { minute: minuteOf(closeout.time), from: closeout.from } }),
        },
        by,
      });
      const store = await asTenant(deps.database.tenant, tenantId, (tx) =>
        loadStore(tx, principal, storeId),
      );
      return viewStore(store, by.at);
    },
  );
}

const changeDescription = `Zone and closeout hold from a business date on, which must lie after the last one that
counts anything: a change never cuts a counted day anew. The currency is set only while nothing is counted.`;

function minuteOf(time: string): number {
  const [hour, minute] = time.split(":").map(Number);
  return (hour ?? 0) * 60 + (minute ?? 0);
}
