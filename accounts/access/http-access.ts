import { createHash } from "node:crypto";
import { appError } from "@tillcast/core";
import type { HttpAccess } from "@tillcast/core/http";
import { type Authenticate, shownCredential } from "./authenticate.ts";
import { type Action, actions, allows } from "./policy.ts";
import type { Principal } from "./principal.ts";

/** What the access rules of routes mean: `signed-in` is whoever has a session or a key; the others are actions. */
export function makeHttpAccess(authenticate: Authenticate): HttpAccess {
  return {
    rules: ["signed-in", ...actions],
    authenticate,
    credentialOf({ headers }) {
      const shown = shownCredential(headers);
      return shown === undefined
        ? undefined
        : createHash("sha256").update(shown.text).digest("base64url");
    },
    // The caller is what `authenticate` found.
    allows: (caller, rule) => rule === "signed-in" || allows(caller as Principal, rule as Action),
  };
}

/** The principal of a request to a route that is not public; the guard has found it. */
export function principalOf(request: { readonly caller: unknown }): Principal {
  if (request.caller === undefined) {
    throw appError("unauthenticated", { reason: "there is no session and no key" });
  }
  return request.caller as Principal;
}
