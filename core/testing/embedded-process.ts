/**
 * A process that relies on an embedded server, for tests that kill it.
 * Arguments: data directory. Prints one JSON line when it has the server, and ends on SIGTERM.
 */
import { startEmbeddedPostgres } from "../database/embedded/embedded-server.ts";
import { silentLogger } from "../logging.ts";

const dataDir = process.argv[2] ?? "";
const server = await startEmbeddedPostgres({ dataDir, log: silentLogger });
process.stdout.write(`${JSON.stringify({ url: server.url, adopted: server.adopted })}\n`);

const alive = setInterval(() => undefined, 60_000);
process.once("SIGTERM", () => {
  clearInterval(alive);
  void server.stop();
});
