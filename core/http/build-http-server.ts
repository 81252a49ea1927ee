import { randomUUID } from "node:crypto";
import { type FastifyReply, type FastifyRequest, fastify } from "fastify";
import { serializerCompiler, type ZodTypeProvider } from "fastify-type-provider-zod";
import type { Logger } from "../logging.ts";
import type { Metrics } from "../telemetry.ts";
import { withinTrace } from "../tracing/spans.ts";
import { traceparentHeader } from "../tracing/trace-context.ts";
import { absentRoute } from "./absent-route.ts";
import { answerClientError } from "./client-error.ts";
import { type GuardedRoute, guardRoutes, type HttpAccess } from "./guard-routes.ts";
import type { HttpServer } from "./http-server.ts";
import { readJsonBodies } from "./json-body.ts";
import { problemContentType, toAppError, toProblem } from "./problem.ts";
import { checkQueryParameters } from "./query-parameters.ts";
import { type CallerLimits, defaultCallerLimits, makeRouteLimits } from "./route-limits.ts";
import { validateInput } from "./validate-input.ts";

declare module "fastify" {
  interface FastifyInstance {
    /** Every route that was registered so far, whoever did it. */
    readonly guardedRoutes: readonly GuardedRoute[];
  }
}

export interface HttpLimits {
  /** Largest body; routes may set a larger one of their own. */
  readonly bodyMaxBytes: number;
  /** A request must have arrived whole within this time, so that slow senders cannot pile up. */
  readonly requestTimeoutMs: number;
  /** Pause that a 503 asks for where its error names none. */
  readonly retryAfterSeconds: number;
}

/** Usual limits. */
export const defaultHttpLimits: HttpLimits = {
  bodyMaxBytes: 65_536,
  requestTimeoutMs: 30_000,
  retryAfterSeconds: 2,
};

export interface HttpServerOptions {
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly limits?: Partial<HttpLimits>;
  /** Whose `X-Forwarded` headers are believed: of so many hops, or of networks; by default nobody's. */
  readonly trustProxy?: false | number | string;
  /** What access rules mean; without it, every route must be public. */
  readonly access?: HttpAccess;
  readonly callers?: CallerLimits;
}

/** An identifier of 200 characters, each of which an address writes with up to nine. */
const paramMaxLength = 1_800;

/** Builds a server without routes and without a port; `app.inject` and `app.listen` both work on it. */
export function buildHttpServer(options: HttpServerOptions): HttpServer {
  const limits = { ...defaultHttpLimits, ...options.limits };
  const app: HttpServer = fastify({
    loggerInstance: options.log,
    logController: new fastify.LogController({ disableRequestLogging: true }),
    bodyLimit: limits.bodyMaxBytes,
    requestTimeout: limits.requestTimeoutMs,
    // What still arrives on an open connection while the server closes is answered like any other request.
    return503OnClosing: false,
    trustProxy: trustOf(options.trustProxy ?? false),
    routerOptions: { maxParamLength: paramMaxLength },
    requestIdHeader: false,
    genReqId: (request) => requestId(request.headers["x-request-id"]),
    // Addresses that no router can read, such as those whose escapes are not UTF-8.
    frameworkErrors: (error, request, reply) => {
      void sendError(error, request, reply as unknown as FastifyReply, limits);
    },
    clientErrorHandler: answerClientError,
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validateInput);
  app.setSerializerCompiler(serializerCompiler);
  readJsonBodies(app);

  app.addHook("onRequest", async (request, reply) => {
    reply.header("x-request-id", request.id);
  });
  checkQueryParameters(app);
  // After the body was read: its events would lose the trace again.
  app.addHook("preValidation", (request, _reply, done) => {
    withinTrace(request.headers[traceparentHeader], done);
  });
  measureRequests(app, options.metrics);
  const routes = guardRoutes(app, {
    access: options.access,
    limits: makeRouteLimits(options.callers ?? defaultCallerLimits),
  });
  app.decorate("guardedRoutes", routes);
  app.setNotFoundHandler((request, reply) => {
    const { error, allowed } = absentRoute(request, routes);
    if (allowed.length > 0) reply.header("allow", allowed.join(", "));
    return sendError(error, request, reply, limits);
  });
  app.setErrorHandler((error, request, reply) => sendError(error, request, reply, limits));
  return app;
}

/** Hops are counted from this server outwards. */
function trustOf(trusted: false | number | string): false | string | TrustProxyFunction {
  return typeof trusted === "number" ? (_, hop) => hop < trusted : trusted;
}

type TrustProxyFunction = (address: string, hop: number) => boolean;

function sendError(
  thrown: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  limits: HttpLimits,
): FastifyReply {
  const error = toAppError(thrown, {
    id: request.id,
    contentType: request.headers["content-type"] ?? "(none)",
    bodyMaxBytes: request.routeOptions?.bodyLimit ?? limits.bodyMaxBytes,
  });
  const { code, status, message } = error;
  // What is away or full is known by name, and there may be a thousand such answers a second.
  if (status === 503)
    request.log.warn({ code, reason: message, requestId: request.id }, "request refused");
  else if (status >= 500)
    request.log.error({ err: thrown, requestId: request.id }, "request failed");
  if (status === 503 || status === 429) {
    const seconds = Number(error.fields.retryAfterSeconds ?? limits.retryAfterSeconds);
    reply.header("retry-after", String(Math.max(1, Math.ceil(seconds))));
  }
  // Text, so that a route's response schema for this status does not strip the problem's fields.
  return reply
    .code(error.status)
    .type(problemContentType)
    .serializer((body: string) => body)
    .send(JSON.stringify(toProblem(error, request.id), bigintAsText));
}

function bigintAsText(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}

function measureRequests(app: HttpServer, metrics: Metrics): void {
  const duration = metrics.histogram({
    name: "http_request_duration_seconds",
    help: "Time from a request's first byte to its answer's last.",
    labelNames: ["method", "route", "status"],
  });
  app.addHook("onResponse", async (request, reply) => {
    const route = request.routeOptions.url ?? "unknown";
    const labels = { method: request.method, route, status: String(reply.statusCode) };
    duration.observe(labels, reply.elapsedTime / 1000);
  });
}

/** A caller's id is kept where it is harmless to print. */
function requestId(given: string | string[] | undefined): string {
  return typeof given === "string" && /^[\w-]{8,64}$/.test(given) ? given : randomUUID();
}
