import { z } from "zod";
import type { Health } from "../health.ts";
import type { Metrics } from "../telemetry.ts";
import type { HttpServer } from "./http-server.ts";

/** What the routes tell of. */
export interface OperationDeps {
  readonly health: Pick<Health, "readiness">;
  readonly metrics: Pick<Metrics, "text" | "contentType">;
}

const readiness = z.object({
  ready: z.boolean(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), reason: z.string().optional() })),
});

/** For those who run the product, in every process of it: is it alive, is it ready, how does it do. */
export function addOperationRoutes(app: HttpServer, { health, metrics }: OperationDeps): void {
  app.get(
    "/healthz",
    {
      config: { access: "public", anyQuery: true },
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
      config: { access: "public", anyQuery: true },
      schema: {
        tags: ["operations"],
        summary: "Every part works",
        response: { 200: readiness, 503: readiness },
      },
    },
    async (_, reply) => {
      const { ready, checks } = await health.readiness();
      return reply.code(ready ? 200 : 503).send({ ready, checks: [...checks] });
    },
  );

  app.get(
    "/metrics",
    {
      config: { access: "public", anyQuery: true },
      schema: { tags: ["operations"], summary: "Metrics in Prometheus' text format" },
    },
    async (_, reply) => reply.type(metrics.contentType).send(await metrics.text()),
  );
}
