import { principalOf } from "@tillcast/accounts";
import type { HttpServer } from "@tillcast/core/http";
import { Overview } from "@tillcast/schemas";
import type { GatewayDeps } from "../deps.ts";
import { readAs } from "../queries/as-principal.ts";
import { loadOverview } from "../queries/overview.ts";
import { countParked } from "../queries/parked.ts";
import { loadVisibleStores } from "../queries/stores.ts";

/** All stores at a glance. */
export default async function overviewRoutes(app: HttpServer, deps: GatewayDeps): Promise<void> {
  app.get(
    "/v1/overview",
    {
      config: { access: "sales:read", limit: "requests" },
      schema: {
        tags: ["stores"],
        summary: "Every store's business day so far against its forecast",
        response: { 200: Overview },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      const nowMs = deps.clock.now();
      return readAs(deps.database, principal, async (tx) => ({
        serverTime: nowMs,
        stores: await loadOverview(tx, await loadVisibleStores(tx, principal), nowMs),
        parked: await countParked(tx, principal),
      }));
    },
  );
}
