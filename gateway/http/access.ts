import { type Action, type Authenticate, allows, type Principal } from "@tillcast/accounts";
import { appError } from "@tillcast/core";
import type { HttpServer } from "@tillcast/core/http";
import type { FastifyRequest } from "fastify";

/** Who may use a route: anybody, whoever is signed in, or who may do this. */
export type Access = "public" | "signed-in" | Action;

declare module "fastify" {
  interface FastifyContextConfig {
    access?: Access;
  }
  interface FastifyRequest {
    principal?: Principal | undefined;
  }
}

/**
 * Guards every route that is registered on `scope` from now on. A route without an access rule is a
 * mistake in the program and is refused when it is registered.
 */
export function guardRoutes(scope: HttpServer, authenticate: Authenticate): void {
  scope.decorateRequest("principal", undefined);
  scope.addHook("onRoute", (route) => {
    if (route.config?.access === undefined) {
      throw new Error(`route ${String(route.method)} ${route.url} says not who may use it`);
    }
  });
  scope.addHook("onRequest", async (request) => {
    const { access } = request.routeOptions.config;
    if (access === undefined || access === "public") return;
    request.principal = await authenticate(request);
    assertAccess(request.principal, access);
  });
}

/** The principal of a guarded request. */
export function principalOf(request: FastifyRequest): Principal {
  if (request.principal === undefined) {
    throw appError("unauthenticated", { reason: "there is no session and no key" });
  }
  return request.principal;
}

function assertAccess(principal: Principal | undefined, access: Access): void {
  if (principal === undefined) {
    throw appError("unauthenticated", { reason: "there is no valid session and no valid key" });
  }
  if (access === "public" || access === "signed-in") return;
  if (!allows(principal, access)) throw appError("forbidden", { reason: `${access} is missing` });
}
