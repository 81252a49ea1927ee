import { principalOf } from "@tillcast/accounts";
import { type HttpServer, problemContentType } from "@tillcast/core/http";
import { OrderPushResponse, OrderPushV1, Problem, PUSH_MAX_COUNT } from "@tillcast/schemas";
import { z } from "zod";
import { acceptOrders } from "../accept/accept-orders.ts";
import type { IngestRouteDeps } from "../route-deps.ts";
import { senderId } from "../sender.ts";
import { ordersIn } from "../sources/push/orders-in-body.ts";
import { rejectionProblem } from "../sources/push/rejection-problem.ts";

const description = `Sends orders: one, an array of up to ${PUSH_MAX_COUNT}, or \`{"orders": [...]}\`.

Each order is the whole bill as it stands now. Sending it again, or an older picture of it, changes
nothing, so a request without an answer is simply repeated. Every order is answered by itself:
\`accepted\` (durable, and counted within moments), \`duplicate\` (known already), \`parked\` (kept, and
counted as soon as its store is known) or \`rejected\` (with the field at fault and the reason). The status
is 200 unless every order was rejected, which is 422. On 429 and 503 nothing may be believed taken: send
all of it again after \`Retry-After\` seconds.`;

/** Documents the body; orders are validated one by one, so that a bad one does not reject its neighbours. */
const Body = z.union([
  OrderPushV1,
  z.array(OrderPushV1).min(1).max(PUSH_MAX_COUNT),
  z.strictObject({ orders: z.array(OrderPushV1).min(1).max(PUSH_MAX_COUNT) }),
]);

const Rejected = Problem.extend(OrderPushResponse.shape);

/** Takes pushed orders. */
export default async function orderRoutes(app: HttpServer, deps: IngestRouteDeps): Promise<void> {
  app.post(
    "/v1/orders",
    {
      bodyLimit: deps.settings.INGEST_BODY_MAX_BYTES,
      config: { access: "orders:write", limit: "orders" },
      schema: {
        tags: ["orders"],
        summary: "Send orders",
        description,
        body: Body,
        response: {
          200: OrderPushResponse,
          422: {
            description: "Every order was rejected.",
            content: { [problemContentType]: { schema: Rejected } },
          },
        },
      },
      validatorCompiler: () => (value) => ({ value }),
      serializerCompiler: () => (value) => JSON.stringify(value),
    },
    async (request, reply) => {
      const sender = principalOf(request);
      const { orders, pathOf } = ordersIn(request.body);
      const leave = deps.admission.enter(senderId(sender), orders.length);
      try {
        const { tenantId, storeIds } = sender;
        const response = await acceptOrders(deps, { tenantId, storeIds, orders });
        if (response.rejected < orders.length) return response;
        reply.code(422).type(problemContentType);
        return { ...rejectionProblem(response, pathOf, request.id), ...response };
      } finally {
        leave();
      }
    },
  );
}
