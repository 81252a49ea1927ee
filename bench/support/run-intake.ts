/** The intake in a process of its own: accepts pushed orders into the log until its parent ends it. */

import { makeAuthenticate, makeHttpAccess } from "@tillcast/accounts";
import { makeLogger, openScope, readSettings, systemClock } from "@tillcast/core";
import { buildHttpServer } from "@tillcast/core/http";
import { ingestSettings, startIngest } from "@tillcast/ingest";
import { joinInstallation } from "./bench-installation.ts";

const url = process.argv[2] ?? "";
const log = makeLogger({ level: "error", name: "bench" });
const { database, eventLog, metrics } = await joinInstallation(openScope(), { url, env: {}, log });
const access = makeHttpAccess(makeAuthenticate({ database, clock: systemClock }));
const http = buildHttpServer({ log, metrics, access });
await startIngest({
  database,
  eventLog,
  http,
  clock: systemClock,
  log,
  metrics,
  settings: readSettings(ingestSettings, process.env),
});
process.stdout.write(`${await http.listen({ host: "127.0.0.1", port: 0 })}\n`);
process.on("disconnect", () => process.exit(0));
