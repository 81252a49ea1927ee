import { principalOf } from "@tillcast/accounts";
import { appError } from "@tillcast/core";
import { type HttpServer, problemContentType } from "@tillcast/core/http";
import { cutText, ID_MAX_LENGTH, IdText, OrderStatusResponse, Problem } from "@tillcast/schemas";
import { z } from "zod";
import type { IngestRouteDeps } from "../route-deps.ts";
import { asUnavailable } from "../sources/push/unavailable.ts";
import { findOrderStatus } from "../status/find-order-status.ts";

const description = `Was an order counted, and in which windows? \`counted\` and \`open\` are in the numbers
(\`open\` apart from sales); \`not-counted\` says why; \`pending\` is durable and not settled yet; \`parked\`
waits for its store; \`dead-lettered\` was set aside with a reason. Amounts are net sales in minor units,
composed as the tenant counts them.`;

/** A number space names a location, a register and a day, with every character written as up to nine. */
const SPACE_MAX_LENGTH = 20 * ID_MAX_LENGTH;

const Params = z.object({
  source: z.string().max(32),
  account: IdText,
  id: IdText,
});

const Query = z.strictObject({
  space: z
    .string()
    .max(SPACE_MAX_LENGTH)
    .optional()
    .describe(
      "Which of several orders of that number is meant, as the push's `statusUrl` says it.",
    ),
});

/** Answers what became of an order. */
export default async function orderStatusRoutes(
  app: HttpServer,
  deps: IngestRouteDeps,
): Promise<void> {
  app.get(
    "/v1/orders/:source/:account/:id/status",
    {
      config: { access: ["orders:write", "sales:read"], limit: "requests" },
      schema: {
        tags: ["orders"],
        summary: "What became of an order",
        description,
        params: Params,
        querystring: Query,
        response: {
          200: OrderStatusResponse,
          404: {
            description: "No such order.",
            content: { [problemContentType]: { schema: Problem } },
          },
        },
      },
    },
    async (request) => {
      const { tenantId, storeIds } = principalOf(request);
      const { source, account, id } = request.params;
      const { space } = request.query;
      const name = { source, accountId: account, orderId: id, space };
      const status = await findOrderStatus(deps, tenantId, name).catch((error: unknown) => {
        throw asUnavailable(error);
      });
      const isForeign = storeIds !== null && !storeIds.includes(status?.storeId ?? "");
      if (status === undefined || isForeign) {
        throw appError("notFound", {
          what: `order ${[source, account, id].map(cutText).join("/")}`,
        });
      }
      return status;
    },
  );
}
