import { isIP } from "node:net";
import { appError } from "@tillcast/core";
import { cutText } from "@tillcast/schemas";
import type { FastifyRequest } from "fastify";
import type { OwnOrigins } from "./own-origin.ts";

/**
 * Refuses a request under a name that is not this server's: another site's name that was made to lead here
 * (DNS rebinding) would be its own origin to a browser. Names of the loopback, addresses and the hosts of
 * `TILLCAST_ORIGINS` are ours. Balancers, which ask whether the process is ready, and programs with a key,
 * which no page can make a browser send, may use any name.
 */
export function assertKnownHost(request: FastifyRequest, origins: OwnOrigins): void {
  if (request.headers.authorization !== undefined) return;
  if (request.routeOptions.config.limit === "probe") return;
  const { host } = request;
  if (host === undefined || host === "" || isKnownHost(host, origins)) return;
  throw appError("forbidden", {
    reason: `${cutText(host)} is not a name of this server; TILLCAST_ORIGINS lists its names`,
  });
}

/** Whether a `Host` names this server. */
export function isKnownHost(host: string, origins: OwnOrigins): boolean {
  if (!URL.canParse(`http://${host}`)) return false;
  const { hostname } = new URL(`http://${host}`);
  if (hostname === "localhost" || hostname.endsWith(".localhost")) return true;
  if (isIP(hostname.replace(/^\[(.*)\]$/, "$1")) !== 0) return true;
  return [...origins].some((origin) => new URL(origin).hostname === hostname);
}
