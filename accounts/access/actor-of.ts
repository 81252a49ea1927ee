import type { Actor } from "@tillcast/core";
import type { Principal } from "./principal.ts";

/** From where a request comes. */
export interface Origin {
  readonly address: string;
  readonly requestId: string;
  /** UTC milliseconds. */
  readonly at: number;
}

/** Who makes a request, as the audit keeps it; may change only rows of their own tenant. */
export function actorOf(principal: Principal, { address, requestId, at }: Origin): Actor {
  const { keyId, userId, email, tenantId } = principal;
  const id = keyId ?? userId ?? "";
  return {
    kind: principal.kind === "key" ? "key" : "person",
    id,
    name: email ?? `key ${id}`,
    tenantId,
    address,
    requestId,
    at,
  };
}

/** Somebody who has not signed in. */
export const strangerFrom = ({ address, requestId, at }: Origin): Actor => ({
  kind: "stranger",
  id: "",
  name: "",
  tenantId: null,
  address,
  requestId,
  at,
});
