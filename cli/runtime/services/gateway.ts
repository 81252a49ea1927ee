import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readSettings } from "@tillcast/core";
import { jobRequests } from "@tillcast/forecaster/jobs";
import { gatewaySettings, startGateway } from "@tillcast/gateway";
import type { StartService } from "./ground.ts";

const webDist = fileURLToPath(new URL("../../../web/dist/", import.meta.url));

/** Serves REST, the live connection and the web app. */
export const startService: StartService = async (scope, ground) => {
  const queue = { pool: ground.database.service };
  const gateway = await startGateway({
    ...ground,
    jobs: Object.fromEntries(
      Object.entries(jobRequests).map(([kind, request]) => [
        kind,
        (tenantId: string) => request(queue, tenantId),
      ]),
    ),
    settings: readSettings(gatewaySettings, process.env),
    webDist: existsSync(webDist) ? webDist : undefined,
  });
  scope.defer(() => gateway.stop());
  return {};
};
