import type { Scope } from "@tillcast/core";
import type { HttpServer } from "@tillcast/core/http";
import { startServices } from "../../cli/runtime/services.ts";
import { openTestInstallation, type TestInstallation } from "./open-installation.ts";

/** The whole product in this process, listening. */
export interface ComposedProduct {
  readonly installation: TestInstallation;
  readonly http: HttpServer;
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** Where whoever runs it asks. */
  readonly operationsUrl: string;
}

/** Parked orders are looked at often, and no network is trained beside a test. */
const testEnvironment = { INGEST_RELEASE_INTERVAL_MS: "200", FORECAST_TRAINING: "off" };

/** Starts every service as `tillcast start` composes them, on a free port of the loopback. */
export async function composeProduct(
  scope: Scope,
  environment: Readonly<Record<string, string>> = {},
  where: Parameters<typeof openTestInstallation>[2] = {},
): Promise<ComposedProduct> {
  Object.assign(process.env, testEnvironment, environment);
  const installation = await openTestInstallation(scope, environment, where);
  const { http, operations } = await startServices(scope.child(), installation);
  const operationsUrl = await operations.listen({ host: "127.0.0.1", port: 0 });
  const url = await http.listen({ host: "127.0.0.1", port: 0 });
  return { installation, http, url, operationsUrl };
}
