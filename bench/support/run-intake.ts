/** The intake in a process of its own: accepts pushed orders into the log until its parent ends it. */
import {
  buildHttpServer,
  makeAuthenticate,
  makeLogger,
  makeMetrics,
  openDatabase,
  openPostgresLog,
  readSettings,
  systemClock,
} from "@tillcast/core";
import { ingestSettings, startIngest } from "@tillcast/ingest";

const url = process.argv[2] ?? "";
const log = makeLogger({ level: "error", name: "bench" });
const metrics = makeMetrics();
const database = openDatabase({ url, applicationName: "bench intake" });
const eventLog = await openPostgresLog({ pool: database.service, url, log, metrics });
const http = buildHttpServer({ log, metrics });
await startIngest({
  database,
  eventLog,
  http,
  clock: systemClock,
  log,
  metrics,
  settings: readSettings(ingestSettings, process.env),
  authenticate: makeAuthenticate({ database, clock: systemClock }),
});
process.stdout.write(`${await http.listen({ host: "127.0.0.1", port: 0 })}\n`);
process.on("disconnect", () => process.exit(0));
