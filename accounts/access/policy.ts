import type { Principal, Role } from "./principal.ts";

/** What can be allowed. A key's scopes are the first two. */
export const actions = [
  "orders:write",
  "sales:read",
  "jobs:run",
  "tenant:manage",
  "names:decide",
] as const;

/** One thing that can be allowed. */
export type Action = (typeof actions)[number];

/** The one table of who may do what. */
export const policy: Readonly<Record<Role, readonly Action[]>> = {
  owner: actions,
  manager: ["sales:read", "names:decide"],
  viewer: ["sales:read"],
  integrator: ["orders:write"],
  operator: ["jobs:run", "sales:read"],
};

/** True when a person's role, or a key's scope, allows an action. */
export function allows(
  principal: Pick<Principal, "kind" | "role" | "scopes">,
  action: Action,
): boolean {
  if (principal.kind === "key") return principal.scopes.some((scope) => scope === action);
  return principal.role !== undefined && policy[principal.role].includes(action);
}
