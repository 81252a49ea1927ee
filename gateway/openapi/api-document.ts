import { type Authenticate, makeHttpAccess } from "@tillcast/accounts";
import { makeHealth, makeMetrics, readSettings, silentLogger } from "@tillcast/core";
import {
  addProbeRoutes,
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
 * their dependencies stands in for itself. Callers are those that `authenticate` tells, by default nobody.
 */
export async function registerApi(
  routeFolders: readonly URL[],
  authenticate: Authenticate = async () => undefined,
): Promise<HttpServer> {
  const metrics = makeMetrics();
  const access = makeHttpAccess(authenticate);
  const app = buildHttpServer({ log: silentLogger, metrics, access });
  const real = {
    metrics,
    health: makeHealth(),
    log: silentLogger,
    settings: readSettings(gatewaySettings, {}),
  };
  const deps = new Proxy(real, {
    get: (target, name) => Reflect.get(target, name) ?? standIn,
  });
  await prepareHttp(app);
  addProbeRoutes(app, real);
  for (const folder of routeFolders) await registerRouteGroups(app, folder, deps);
  await app.ready();
  return app;
}

/** Answers itself to everything, so that no route can do anything with it. */
const standIn: unknown = new Proxy(() => undefined, {
  get: (_, name) => (name === "then" ? undefined : standIn),
  apply: () => standIn,
});
