import { registerRouteGroups } from "@tillcast/core/http";
import type { GatewayDeps, GatewayOptions } from "./deps.ts";
import { answerNotModified } from "./http/etag.ts";
import { prepareHttp } from "./http/prepare-http.ts";
import { serveWebApp } from "./http/web-app.ts";
import { startLive } from "./live/live.ts";

/** A running gateway. */
export interface Gateway {
  /** Tells the clients, closes their sockets, stops relaying. Safe to call twice. */
  stop(): Promise<void>;
}

/**
 * Adds the dashboard's routes, the live connection and the web app to an HTTP server that does not listen
 * yet. Closing the server stops the gateway too.
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { http, webDist, ...shared } = options;
  const origins = await prepareHttp(http, options.settings.TILLCAST_ORIGINS);
  const caps = {
    perCredential: options.settings.TILLCAST_SOCKETS_PER_CREDENTIAL,
    perTenant: options.settings.TILLCAST_SOCKETS_PER_TENANT,
  };
  const live = await startLive({ ...shared, http, origins, caps });
  const deps: GatewayDeps = { ...shared, live };
  await http.register(async (scope) => {
    const app = scope as unknown as typeof http;
    answerNotModified(app);
    await registerRouteGroups(app, new URL("./routes/", import.meta.url), deps);
  });
  await serveWebApp(http, webDist);
  options.health.register("dashboard reads", async () => {
    await options.database.probes.read.query("select 1");
  });
  http.addHook("preClose", () => live.stop());
  return { stop: () => live.stop() };
}
