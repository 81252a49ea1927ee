export { buildHttpServer, type HttpServer } from "./build-http-server.ts";
export { addOperationRoutes } from "./operation-routes.ts";
export { type ProblemDetails, problemContentType, toProblem } from "./problem.ts";
export { registerRouteGroups } from "./register-route-groups.ts";
