export * from "./config.ts";
export type { GatewayOptions, RequestableJobs } from "./deps.ts";
export { prepareHttp } from "./http/prepare-http.ts";
export * from "./main.ts";
export { registerApiDocs } from "./openapi/api-docs.ts";
