import { z } from "zod";
import type { Health, Readiness } from "../health.ts";
import type { Logger } from "../logging.ts";
import { type Metrics, makeMetrics } from "../telemetry.ts";
import { buildHttpServer } from "./build-http-server.ts";
import type { HttpServer } from "./http-server.ts";

const config = { access: "public", limit: "probe", anyQuery: true } as const;

const alive = z.object({ status: z.literal("ok") });
const publicReadiness = z.object({
  ready: z.boolean(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean() })),
});
const readinessWithReasons = z.object({
  ready: z.boolean(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), reason: z.string().optional() })),
});

/**
 * For balancers, in every process: is it alive, is it ready. Anybody may ask, so that no address and no
 * reason is told here.
 */
export function addProbeRoutes(
  app: HttpServer,
  { health }: { readonly health: Pick<Health, "readiness"> },
): void {
  const readiness = sharedReadiness(health);
  app.get(
    "/healthz",
    {
      config,
      schema: {
        tags: ["operations"],
        summary: "The process is alive",
        response: { 200: alive },
      },
    },
    async () => ({ status: "ok" as const }),
  );
  app.get(
    "/readyz",
    {
      config,
      schema: {
        tags: ["operations"],
        summary: "Every part works",
        response: { 200: publicReadiness, 503: publicReadiness },
      },
    },
    async (_, reply) => {
      const { ready, checks } = await readiness();
      const told = checks.map(({ name, ok }) => ({ name, ok }));
      return reply.code(ready ? 200 : 503).send({ ready, checks: told });
    },
  );
}

/** The server of those who run the product, on an address of its own: metrics, and why a part is not ready. */
export function buildOperationsServer(options: {
  readonly log: Logger;
  readonly metrics: Pick<Metrics, "text" | "contentType">;
  readonly health: Pick<Health, "readiness">;
}): HttpServer {
  const { log, metrics } = options;
  // What is asked here is not part of what is measured.
  const app = buildHttpServer({ log, metrics: makeMetrics() });
  const readiness = sharedReadiness(options.health);
  app.get("/healthz", { config, schema: { response: { 200: alive } } }, async () => ({
    status: "ok" as const,
  }));
  app.get(
    "/readyz",
    { config, schema: { response: { 200: readinessWithReasons, 503: readinessWithReasons } } },
    async (_, reply) => {
      const { ready, checks } = await readiness();
      return reply.code(ready ? 200 : 503).send({ ready, checks: [...checks] });
    },
  );
  app.get("/metrics", { config }, async (_, reply) =>
    reply.type(metrics.contentType).send(await metrics.text()),
  );
  return app;
}

/** Whoever asks while the checks run gets their outcome: many who ask cost no more than one. */
function sharedReadiness(health: Pick<Health, "readiness">): () => Promise<Readiness> {
  let running: Promise<Readiness> | undefined;
  return () => {
    running ??= health.readiness().finally(() => {
      running = undefined;
    });
    return running;
  };
}
