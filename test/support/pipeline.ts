import { readSettings, type Scope } from "@tillcast/core";
import { buildHttpServer } from "@tillcast/core/http";
import { type Ingest, ingestSettings, startIngest } from "@tillcast/ingest";
import { startStreamProcessors, streamProcessorSettings } from "@tillcast/stream-processors";
import type { TestInstallation } from "./open-installation.ts";

/** Starts the real intake on an installation, without listening. */
export async function startIntake(scope: Scope, installation: TestInstallation): Promise<Ingest> {
  const { log, metrics } = installation;
  const http = buildHttpServer({ log, metrics });
  scope.defer(() => http.close());
  const settings = readSettings(ingestSettings, {});
  const ingest = await startIngest({ ...installation, http, settings });
  scope.defer(() => ingest.close());
  return ingest;
}

/** Starts the real stream processors; several share the partitions. */
export async function startProcessors(
  scope: Scope,
  installation: TestInstallation,
): Promise<{ stop(): Promise<void> }> {
  const settings = readSettings(streamProcessorSettings, {});
  const processors = await startStreamProcessors({ ...installation, settings });
  scope.defer(() => processors.stop());
  return processors;
}
