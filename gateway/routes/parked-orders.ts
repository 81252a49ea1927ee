import {
  claimParkedOrders,
  listParkedLocations,
  listParkedOrders,
  principalOf,
} from "@tillcast/accounts";
import type { HttpServer } from "@tillcast/core/http";
import { ParkedClaim, ParkedClaimed, ParkedOrders, ParkedQuery } from "@tillcast/schemas";
import type { GatewayDeps } from "../deps.ts";
import { actorIn } from "../http/request-actor.ts";
import { readAs } from "../queries/as-principal.ts";
import { viewJob } from "../queries/jobs.ts";

/** Orders that are kept and wait for their feed to be set right. */
export default async function parkedOrderRoutes(app: HttpServer, deps: GatewayDeps): Promise<void> {
  app.get(
    "/v1/parked-orders",
    {
      config: { access: "sales:read", limit: "requests" },
      schema: {
        tags: ["feeds"],
        summary: "Orders that are kept and wait, with the reason",
        querystring: ParkedQuery,
        response: { 200: ParkedOrders },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      const { tenantId, storeIds } = principal;
      const { cursor, limit } = request.query;
      return readAs(deps.database, principal, async (tx) => {
        const filter = { tenantId, storeIds };
        const locations = await listParkedLocations(tx, filter);
        const { orders, nextCursor } = await listParkedOrders(tx, { ...filter, cursor, limit });
        return {
          locations: locations.map((one) => ({
            ...one,
            orders: Number(one.orders),
            oldestReceivedAt: new Date(one.oldestReceivedAt).toISOString(),
          })),
          orders: orders.map((one) => ({
            ...one,
            receivedAt: new Date(one.receivedAt).toISOString(),
          })),
          nextCursor,
        };
      });
    },
  );

  app.post(
    "/v1/parked-orders/claim",
    {
      config: { access: "tenant:manage", limit: "requests", audit: "parked orders claimed" },
      schema: {
        tags: ["feeds"],
        summary: "Map a location to a store and count what is parked under it",
        description: "The job is done when all of them are counted.",
        body: ParkedClaim,
        response: { 202: ParkedClaimed },
      },
    },
    async (request, reply) => {
      const { storeId, ...feed } = request.body;
      const job = await claimParkedOrders(deps.database.service, {
        tenantId: principalOf(request).tenantId,
        feed,
        storeId,
        by: actorIn(request, deps.clock),
      });
      return reply.code(202).send({ job: viewJob(job) });
    },
  );
}
