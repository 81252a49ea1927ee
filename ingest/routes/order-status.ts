import { appError, type HttpServer, type Principal, problemContentType } from "@tillcast/core";
import { IdText, OrderStatusResponse, Problem } from "@tillcast/schemas";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { asUnavailable } from "../accept/unavailable.ts";
import type { IngestRouteDeps } from "../route-deps.ts";
import { authorise } from "../sender.ts";
import { findOrderStatus } from "../status/find-order-status.ts";

const description = `Was an order counted, and in which windows? \`counted\` and \`open\` are in the numbers
(\`open\` apart from sales); \`not-counted\` says why; \`pending\` is durable and not settled yet; \`parked\`
waits for its store; \`dead-lettered\` was set aside with a reason. Amounts are net sales in minor units,
composed as the tenant counts them.`;

const Params = z.object({
  source: z.string().max(32),
  account: IdText,
  id: IdText,
});

/** Answers what became of an order. */
export default async function orderStatusRoutes(
  app: HttpServer,
  deps: IngestRouteDeps,
): Promise<void> {
  const senders = new WeakMap<FastifyRequest, Principal>();
  app.get(
    "/v1/orders/:source/:account/:id/status",
    {
      config: { access: "signed-in" },
      schema: {
        tags: ["orders"],
        summary: "What became of an order",
        description,
        params: Params,
        response: {
          200: OrderStatusResponse,
          404: {
            description: "No such order.",
            content: { [problemContentType]: { schema: Problem } },
          },
        },
      },
      onRequest: async (request) => {
        const actions = ["orders:write", "sales:read"] as const;
        senders.set(request, await authorise(deps.authenticate, request, actions));
      },
    },
    async (request) => {
      const { tenantId, storeIds } = senders.get(request) as Principal;
      const { source, account, id } = request.params;
      const name = { source, accountId: account, orderId: id };
      const status = await findOrderStatus(deps, tenantId, name).catch((error: unknown) => {
        throw asUnavailable(error);
      });
      const isForeign = storeIds !== null && !storeIds.includes(status?.storeId ?? "");
      if (status === undefined || isForeign) {
        throw appError("notFound", { what: `order ${source}/${account}/${id}` });
      }
      return status;
    },
  );
}
