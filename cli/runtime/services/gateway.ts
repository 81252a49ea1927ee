import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readSettings } from "@tillcast/core";
import { enqueueJob } from "@tillcast/core/work";
import { gatewaySettings, startGateway } from "@tillcast/gateway";
import type { StartService } from "./ground.ts";

const webDist = fileURLToPath(new URL("../../../web/dist/", import.meta.url));

/** Serves REST, the live connection and the web app. */
export const startService: StartService = async (scope, ground) => {
  const requestable = (kind: string) => (tenantId: string) =>
    enqueueJob(ground.database.service, { kind, tenantId, dedupeKey: tenantId, payload: {} });
  const gateway = await startGateway({
    ...ground,
    jobs: {
      "train-forecast": requestable("train-forecast"),
      "predict-forecast": requestable("predict-forecast"),
    },
    settings: readSettings(gatewaySettings, process.env),
    webDist: existsSync(webDist) ? webDist : undefined,
  });
  scope.defer(() => gateway.stop());
  return {};
};
