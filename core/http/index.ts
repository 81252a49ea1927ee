export { buildHttpServer } from "./build-http-server.ts";
export type { HttpAccess } from "./guard-routes.ts";
export type { HttpServer } from "./http-server.ts";
export { addProbeRoutes, buildOperationsServer } from "./operation-routes.ts";
export { type ProblemDetails, problemContentType, toProblem } from "./problem.ts";
export { registerRouteGroups } from "./register-route-groups.ts";
export { type MonotonicMs, makeTokenBuckets, type TokenBuckets } from "./token-buckets.ts";
