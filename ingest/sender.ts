import { type Action, type Authenticate, allows, type Principal } from "@tillcast/accounts";
import { appError } from "@tillcast/core";
import type { FastifyRequest } from "fastify";

/**
 * Authenticates the sender of a request and checks that it may do one of `actions`; throws 401 or 403. It runs
 * before the body is read, so that the body of an unknown sender is not parsed.
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

/** The id that rate limits count by: the API key, or the person. */
export function senderId(principal: Principal): string {
  return principal.keyId ?? `user ${principal.userId ?? principal.tenantId}`;
}
