import compress from "@fastify/compress";
import type { HttpServer } from "@tillcast/core/http";
import { registerApiDocs } from "../openapi/api-docs.ts";
import { assertKnownHost } from "./known-host.ts";
import { assertOwnOrigin, type OwnOrigins } from "./own-origin.ts";
import { sendSecurityHeaders } from "./security-headers.ts";

/** Smaller answers do not shrink by enough to pay for it. */
const compressMinBytes = 1_024;

/** The origins of each prepared server. */
const prepared = new WeakMap<HttpServer, Set<string>>();

/**
 * What must stand before any route of any service: security headers, the refusal of other sites' pages,
 * compression, and the collection of routes into the API's document. Call it first; a further call only
 * adds origins, as `startGateway` does with those of its settings.
 */
export async function prepareHttp(
  app: HttpServer,
  origins: readonly string[] = [],
): Promise<OwnOrigins> {
  const known = prepared.get(app);
  if (known !== undefined) {
    for (const origin of origins) known.add(origin);
    return known;
  }
  const own = new Set(origins);
  prepared.set(app, own);
  await sendSecurityHeaders(app);
  app.addHook("onRequest", async (request) => {
    assertKnownHost(request, own);
    assertOwnOrigin(request, own);
  });
  await app.register(compress, { threshold: compressMinBytes, encodings: ["gzip"] });
  await registerApiDocs(app);
  return own;
}
