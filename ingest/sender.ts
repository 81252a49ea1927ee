import type { Principal } from "@tillcast/accounts";

/** What rate limits are counted by: the key, or the person without one. */
export function senderId(principal: Principal): string {
  return principal.keyId ?? `user ${principal.userId ?? principal.tenantId}`;
}
