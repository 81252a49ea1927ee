import { makeHealth, makeMetrics, readSettings, silentLogger } from "@tillcast/core";
import {
  addOperationRoutes,
  buildHttpServer,
  type HttpServer,
  registerRouteGroups,
} from "@tillcast/core/http";
import { gatewaySettings } from "../config.ts";
import { prepareHttp } from "../http/prepare-http.ts";

/** Writes down the API of the route groups in some folders, without a database or a port. */
export async function describeApi(routeFolders: readonly URL[]): Promise<object> {
  const app = await registerApi(routeFolders);
  try {
    return app.swagger();
  } finally {
    await app.close();
  }
}

/**
 * A server with the route groups in some folders. Routes are only registered; whatever they would ask of
 * their dependencies, but for `given`, stands in for itself.
 */
export async function registerApi(
  routeFolders: readonly URL[],
  given: Readonly<Record<string, unknown>> = {},
): Promise<HttpServer> {
  const metrics = makeMetrics();
  const app = buildHttpServer({ log: silentLogger, metrics });
  const real = {
    metrics,
    health: makeHealth(),
    log: silentLogger,
    settings: readSettings(gatewaySettings, {}),
    ...given,
  };
  const deps = new Proxy(real, {
    get: (target, name) => Reflect.get(target, name) ?? standIn,
  });
  await prepareHttp(app);
  addOperationRoutes(app, real);
  for (const folder of routeFolders) await registerRouteGroups(app, folder, deps);
  await app.ready();
  return app;
}

/** Answers itself to everything, so that no route can do anything with it. */
const standIn: unknown = new Proxy(() => undefined, {
  get: (_, name) => (name === "then" ? undefined : standIn),
  apply: () => standIn,
});
