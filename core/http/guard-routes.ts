import type { FastifyRequest, RouteOptions } from "fastify";
import { appError } from "../errors.ts";
import type { HttpServer } from "./http-server.ts";
import type { LimitName, RouteLimit } from "./route-limits.ts";

/** Who may use a route: `public`, a rule that the server's `HttpAccess` knows, or any one of several. */
export type AccessRule = string | readonly string[];

declare module "fastify" {
  interface FastifyContextConfig {
    /** Who may use the route; every route says it. */
    access?: AccessRule;
    /** What bounds its use; every route says it. */
    limit?: LimitName;
  }
  interface FastifyRequest {
    /** Who makes a request of a route that is not public. */
    caller: Caller | undefined;
  }
}

/** What the edge knows of a caller; the rest is the access rules' own. */
export interface Caller {
  readonly tenantId: string;
}

/** What access rules mean, and who calls: given by whoever knows people and keys. */
export interface HttpAccess {
  /** Every rule that a route may name besides `public`. */
  readonly rules: readonly string[];
  /** What tells one key or session from another in a count, without being one; undefined where none is shown. */
  credentialOf(request: FastifyRequest): string | undefined;
  /** Finds who calls; undefined where nobody can be told. */
  authenticate(request: FastifyRequest): Promise<Caller | undefined>;
  /** Whether a rule of `rules` lets this caller pass. */
  allows(caller: Caller, rule: string): boolean;
}

/** One route as it was registered. */
export type GuardedRoute = Pick<RouteOptions, "method" | "url" | "config">;

/**
 * Guards every route of a server, whoever registers it. A route without an access rule or without a limit,
 * or with one that nobody knows, is a mistake in the program: the server refuses to start. Callers are
 * asked after the headers and before the body is read, so that a stranger's megabytes are not parsed.
 * Answers the routes, which grow as they are registered.
 */
export function guardRoutes(
  app: HttpServer,
  guard: {
    readonly access: HttpAccess | undefined;
    readonly limits: Readonly<Record<LimitName, RouteLimit>>;
  },
): readonly GuardedRoute[] {
  const routes: GuardedRoute[] = [];
  const rules = ["public", ...(guard.access?.rules ?? [])];
  app.decorateRequest("caller", undefined);
  app.addHook("onRoute", (route) => {
    routes.push(route);
  });
  app.addHook("onReady", async () => {
    const faults = routes.flatMap((route) => faultsOf(route, rules, Object.keys(guard.limits)));
    if (faults.length > 0) throw new Error(faults.join("; "));
  });
  app.addHook("preParsing", async (request, reply) => {
    const { access: rule = "public", limit } = request.routeOptions.config;
    // An address without a route is answered by name; it reads nothing.
    if (request.is404 || limit === undefined) return;
    const isPublic = rule === "public";
    const credential = isPublic ? undefined : guard.access?.credentialOf(request);
    const leave = guard.limits[limit](credential);
    if (leave !== undefined) reply.raw.once("close", leave);
    if (!isPublic) request.caller = await admitted(request, rule, guard.access);
  });
  return routes;
}

async function admitted(
  request: FastifyRequest,
  rule: AccessRule,
  access: HttpAccess | undefined,
): Promise<Caller> {
  const caller = await access?.authenticate(request);
  if (access === undefined || caller === undefined) {
    throw appError("unauthenticated", {
      reason: "there is no valid session and no valid key ('Authorization: Bearer KEY')",
    });
  }
  const ruled = [rule].flat();
  if (ruled.some((one) => access.allows(caller, one))) return caller;
  throw appError("forbidden", { reason: `${ruled.join(" or ")} is missing` });
}

function faultsOf(
  { method, url, config }: GuardedRoute,
  rules: readonly string[],
  limits: readonly string[],
): string[] {
  const name = `route ${String(method)} ${url}`;
  const { access, limit } = config ?? {};
  const faults: string[] = [];
  const ruled = access === undefined ? [] : [access].flat();
  if (ruled.length === 0) faults.push(`${name} says not who may use it (config.access)`);
  const unknown = ruled.filter((rule) => !rules.includes(rule));
  if (unknown.length > 0) faults.push(`${name} names the access rule ${unknown}, which is unknown`);
  if (ruled.length > 1 && ruled.includes("public"))
    faults.push(`${name} is public and more than that`);
  if (limit === undefined) faults.push(`${name} says not what bounds it (config.limit)`);
  else if (!limits.includes(limit)) faults.push(`${name} names the limit ${limit}, unknown here`);
  return faults;
}
