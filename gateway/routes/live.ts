import { principalOf } from "@tillcast/accounts";
import type { HttpServer } from "@tillcast/core/http";
import { LiveQuery, LiveSnapshot } from "@tillcast/schemas";
import type { GatewayDeps } from "../deps.ts";
import { StoreParams } from "../http/store-params.ts";

/** The first picture of a live page, of today or of a day of the past. */
export default async function liveRoutes(app: HttpServer, deps: GatewayDeps): Promise<void> {
  app.get(
    "/v1/stores/:storeId/live",
    {
      config: { access: "sales:read", limit: "requests" },
      schema: {
        tags: ["stores"],
        summary: "A store's business day, with the versions to follow it live from",
        description: "Without a date: the present one, so far.",
        params: StoreParams,
        querystring: LiveQuery,
        response: { 200: LiveSnapshot },
      },
    },
    (request) =>
      deps.live.snapshot(principalOf(request), request.params.storeId, request.query.date),
  );
}
