export { buildHttpServer } from "./build-http-server.ts";
export type { HttpServer } from "./http-server.ts";
export { addOperationRoutes } from "./operation-routes.ts";
export { type ProblemDetails, problemContentType, toProblem } from "./problem.ts";
export { registerRouteGroups } from "./register-route-groups.ts";
