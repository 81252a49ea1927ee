import { expect, test } from "vitest";
import { actions, allows } from "./policy.ts";
import { roles } from "./principal.ts";

test("each role may do exactly what the table of roles says", () => {
  const may = Object.fromEntries(
    roles.map((role) => [
      role,
      actions.filter((action) => allows({ kind: "user", role, scopes: [] }, action)),
    ]),
  );
  expect(may).toEqual({
    owner: ["orders:write", "sales:read", "jobs:run", "tenant:manage", "names:decide"],
    manager: ["sales:read", "names:decide"],
    viewer: ["sales:read"],
    integrator: ["orders:write"],
    operator: ["sales:read", "jobs:run"],
  });
});

test("a key may do what its scopes say and nothing by a role", () => {
  const key = { kind: "key", role: "owner", scopes: ["sales:read"] } as const;
  expect(actions.filter((action) => allows(key, action))).toEqual(["sales:read"]);
  expect(actions.some((action) => allows({ kind: "user", scopes: ["sales:read"] }, action))).toBe(
    false,
  );
});
