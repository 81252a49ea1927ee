import {
  addOperationRoutes,
  buildHttpServer,
  makeHealth,
  makeMetrics,
  readSettings,
  registerRouteGroups,
  silentLogger,
} from "@tillcast/core";
import { gatewaySettings } from "../config.ts";
import { prepareHttp } from "../http/prepare-http.ts";

/**
 * Writes down the API of the route groups in some folders, without a database or a port. Routes are only
 * registered; whatever they would ask of their dependencies stands in for itself.
 */
export async function describeApi(routeFolders: readonly URL[]): Promise<object> {
  const metrics = makeMetrics();
  const app = buildHttpServer({ log: silentLogger, metrics });
  const real = {
    metrics,
    health: makeHealth(),
    log: silentLogger,
    settings: readSettings(gatewaySettings, {}),
  };
  const deps = new Proxy(real, {
    get: (target, name) => Reflect.get(target, name) ?? standIn,
  });
  try {
    await prepareHttp(app);
    addOperationRoutes(app, real);
    for (const folder of routeFolders) await registerRouteGroups(app, folder, deps);
    await app.ready();
    return app.swagger();
  } finally {
    await app.close();
  }
}

/** Answers itself to everything, so that no route can do anything with it. */
const standIn: unknown = new Proxy(() => undefined, {
  get: (_, name) => (name === "then" ? undefined : standIn),
  apply: () => standIn,
});
