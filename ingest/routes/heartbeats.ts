import { principalOf } from "@tillcast/accounts";
import { appError } from "@tillcast/core";
import { type HttpServer, problemContentType } from "@tillcast/core/http";
import { HeartbeatPush, orderSources, Problem } from "@tillcast/schemas";
import { z } from "zod";
import type { IngestRouteDeps } from "../route-deps.ts";
import { senderId } from "../sender.ts";
import { acceptHeartbeat } from "../sources/push/accept-heartbeat.ts";

const description = `A till says that it is alive, whether or not it sold anything, so that silence can be
told from a quiet hour. Send one every minute. \`completeUntil\` is the event time up to which every order
was sent; without it, now.`;

const Answer = z.object({
  storeId: z.string().nullable(),
  /** True when the location is mapped to a store. */
  mapped: z.boolean(),
});

/** Takes heartbeats. */
export default async function heartbeatRoutes(
  app: HttpServer,
  deps: IngestRouteDeps,
): Promise<void> {
  app.post(
    "/v1/heartbeats",
    {
      bodyLimit: 16_384,
      config: { access: "orders:write", limit: "orders" },
      schema: {
        tags: ["orders"],
        summary: "Say that a till is alive",
        description,
        body: HeartbeatPush.extend({ source: z.enum(orderSources).default("push") }),
        response: {
          200: Answer,
          422: {
            description: "The place or a field is at fault.",
            content: { [problemContentType]: { schema: Problem } },
          },
        },
      },
    },
    async (request) => {
      const sender = principalOf(request);
      const leave = deps.admission.enter(senderId(sender), 1);
      try {
        const origin = await acceptHeartbeat(deps, sender, request.body);
        if (origin.kind === "refused") throw appError("validationFailed", { ...origin.fault });
        const storeId = origin.kind === "known" ? origin.store.storeId : null;
        return { storeId, mapped: storeId !== null };
      } finally {
        leave();
      }
    },
  );
}
