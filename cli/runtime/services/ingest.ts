import { readSettings } from "@tillcast/core";
import { ingestSettings, startIngest } from "@tillcast/ingest";
import type { StartService } from "./ground.ts";

/** Takes orders and signs of life over HTTP, and releases parked orders. */
export const startService: StartService = async (scope, ground) => {
  const settings = readSettings(ingestSettings, process.env);
  const ingest = await startIngest({ ...ground, settings });
  scope.defer(() => ingest.close());
  return { ingest };
};
