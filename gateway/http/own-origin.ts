import { appError } from "@tillcast/core";
import type { FastifyRequest } from "fastify";

/** Further origins under which this server is known, such as `https://sales.example.com`. */
export type OwnOrigins = ReadonlySet<string>;

/** What an HTTP request and a socket's handshake have in common. */
export interface RequestOrigin {
  readonly origin: string | undefined;
  readonly host: string | undefined;
}

const safeMethods = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Refuses a request that changes something when another site's page sent it. Browsers always say where
 * such a request comes from; one that carries a cookie and does not say is refused too. A key in the
 * `Authorization` header is never sent by a browser on its own, so it needs no such proof.
 */
export function assertOwnOrigin(request: FastifyRequest, origins: OwnOrigins): void {
  if (safeMethods.has(request.method) || request.headers.authorization !== undefined) return;
  const { origin } = request.headers;
  if (origin === undefined) {
    if (request.headers.cookie === undefined) return;
    throw appError("forbidden", { reason: "a request with a cookie must carry its Origin" });
  }
  if (!isOwnOrigin({ origin, host: request.host }, origins)) {
    throw appError("forbidden", { reason: "the request comes from another site" });
  }
}

/** True where the page that sent a request was served under the host that it is sent to. */
export function isOwnOrigin({ origin, host }: RequestOrigin, origins: OwnOrigins): boolean {
  if (origin === undefined || !URL.canParse(origin)) return false;
  const page = new URL(origin);
  if (origins.has(page.origin)) return true;
  // Read as an address of the page's scheme, so that a port that goes without saying is no difference.
  const own = `${page.protocol}//${host}`;
  return host !== undefined && URL.canParse(own) && new URL(own).host === page.host;
}
