import type { HttpServer } from "@tillcast/core";
import { z } from "zod";
import type { GatewayDeps } from "../deps.ts";

/** For those who run the product: is it alive, is it ready, how does it do. */
export default async function operationRoutes(app: HttpServer, deps: GatewayDeps): Promise<void> {
  const readiness = z.object({
    ready: z.boolean(),
    checks: z.array(z.object({ name: z.string(), ok: z.boolean(), reason: z.string().optional() })),
  });

  app.get(
    "/healthz",
    {
      config: { access: "public" },
      schema: {
        tags: ["operations"],
        summary: "The process is alive",
        response: { 200: z.object({ status: z.literal("ok") }) },
      },
    },
    async () => ({ status: "ok" as const }),
  );

  app.get(
    "/readyz",
    {
      config: { access: "public" },
      schema: {
        tags: ["operations"],
        summary: "Every part works",
        response: { 200: readiness, 503: readiness },
      },
    },
    async (_, reply) => {
      const { ready, checks } = await deps.health.readiness();
      return reply.code(ready ? 200 : 503).send({ ready, checks: [...checks] });
    },
  );

  app.get(
    "/metrics",
    {
      config: { access: "public" },
      schema: { tags: ["operations"], summary: "Metrics in Prometheus' text format" },
    },
    async (_, reply) => reply.type(deps.metrics.contentType).send(await deps.metrics.text()),
  );
}
