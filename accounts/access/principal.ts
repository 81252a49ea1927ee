/** What an API key may be allowed to do. */
export const apiKeyScopes = ["orders:write", "sales:read"] as const;

/** One permission of an API key. */
export type ApiKeyScope = (typeof apiKeyScopes)[number];

/** What a person may be; `policy.ts` says what each may do. */
export const roles = ["owner", "manager", "viewer", "integrator", "operator"] as const;

/** One role. */
export type Role = (typeof roles)[number];

/** Who makes a request. */
export interface Principal {
  readonly kind: "user" | "key";
  readonly tenantId: string;
  readonly userId?: string;
  readonly email?: string;
  readonly role?: Role;
  /** Of a person: hexadecimal hash of the session's token, so that what it opened can be closed with it. */
  readonly sessionId?: string;
  readonly keyId?: string;
  /** Of a key; a person's role stands in their place. */
  readonly scopes: readonly ApiKeyScope[];
  /** The stores that may be seen; null for all of the tenant's. */
  readonly storeIds: readonly string[] | null;
  /** Of an operator who runs the whole installation and not only a tenant. */
  readonly runsInstallation?: boolean;
}
