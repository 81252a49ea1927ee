import type { Principal } from "@tillcast/accounts";

/** The id that rate limits count by: the API key, or the person. */
export function senderId(principal: Principal): string {
  return principal.keyId ?? `user ${principal.userId ?? principal.tenantId}`;
}
