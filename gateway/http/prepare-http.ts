import compress from "@fastify/compress";
import type { HttpServer, Settings } from "@tillcast/core";
import type { gatewaySettings } from "../config.ts";
import { registerApiDocs } from "../openapi/api-docs.ts";
import { assertOwnOrigin } from "./own-origin.ts";
import { sendSecurityHeaders } from "./security-headers.ts";

/** Smaller answers do not shrink by enough to pay for it. */
const compressMinBytes = 1_024;

const prepared = new WeakSet<HttpServer>();

/**
 * What must stand before any route of any service: security headers, the refusal of other sites' pages,
 * compression, and the collection of routes into the API's document. Safe to call twice; `startGateway`
 * calls it too, which is too late for routes that another service registered before.
 */
export async function prepareHttp(
  app: HttpServer,
  settings: Pick<Settings<typeof gatewaySettings>, "TILLCAST_ORIGINS">,
): Promise<void> {
  if (prepared.has(app)) return;
  prepared.add(app);
  await sendSecurityHeaders(app);
  const origins = new Set(settings.TILLCAST_ORIGINS ?? []);
  app.addHook("onRequest", async (request) => assertOwnOrigin(request, origins));
  await app.register(compress, { threshold: compressMinBytes, encodings: ["gzip"] });
  await registerApiDocs(app);
}
