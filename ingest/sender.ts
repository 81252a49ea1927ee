import { type Action, type Authenticate, allows, type Principal } from "@tillcast/accounts";
import { appError } from "@tillcast/core";
import type { FastifyRequest } from "fastify";

/**
 * Finds who sends a request and that one of `actions` is allowed to them; throws 401 or 403. Runs before
 * the body is read, so that a stranger's megabytes are not parsed.
 */
export async function authorise(
  authenticate: Authenticate,
  request: FastifyRequest,
  actions: readonly Action[],
): Promise<Principal> {
  const principal = await authenticate(request);
  if (principal === undefined) {
    throw appError("unauthenticated", {
      reason: "send an API key as 'Authorization: Bearer KEY'",
    });
  }
  if (actions.some((action) => allows(principal, action))) return principal;
  throw appError("forbidden", { reason: `${actions.join(" or ")} is missing` });
}

/** What rate limits are counted by: the key, or the person without one. */
export function senderId(principal: Principal): string {
  return principal.keyId ?? `user ${principal.userId ?? principal.tenantId}`;
}
