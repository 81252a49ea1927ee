import compress from "@fastify/compress";
import type { HttpServer } from "@tillcast/core";
import { registerApiDocs } from "../openapi/api-docs.ts";
import { sendSecurityHeaders } from "./security-headers.ts";

/** Smaller answers do not shrink by enough to pay for it. */
const compressMinBytes = 1_024;

const prepared = new WeakSet<HttpServer>();

/**
 * What must stand before any route of any service: security headers, compression and the collection of
 * routes into the API's document. Safe to call twice; `startGateway` calls it too, which is too late for
 * routes that another service registered before.
 */
export async function prepareHttp(app: HttpServer): Promise<void> {
  if (prepared.has(app)) return;
  prepared.add(app);
  await sendSecurityHeaders(app);
  await app.register(compress, { threshold: compressMinBytes, encodings: ["gzip"] });
  await registerApiDocs(app);
}
