import { readSettings, type Scope } from "@tillcast/core";
import { buildHttpServer } from "@tillcast/core/http";
import { type Ingest, ingestSettings, startIngest } from "@tillcast/ingest";
import type { Installation } from "./installation.ts";

/** The intake within a command: the server's own, on a web server that never listens. */
export async function openIntake(scope: Scope, installation: Installation): Promise<Ingest> {
  const { log, metrics } = installation;
  const http = buildHttpServer({ log, metrics });
  scope.defer(() => http.close());
  const ingest = await startIngest({
    ...installation,
    http,
    settings: readSettings(ingestSettings, process.env),
    readsInboxes: false,
  });
  scope.defer(() => ingest.close());
  return ingest;
}
