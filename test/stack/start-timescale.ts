import { join } from "node:path";
import pg from "pg";
import { freePort } from "../support/product.ts";
import { openDataFolder } from "./data-folder.ts";
import { installed } from "./installed.ts";
import { type ServerProcess, startServerProcess } from "./server-process.ts";

/** PostgreSQL 17 with the Apache edition of TimescaleDB. */
export interface TimescaleServer extends ServerProcess {
  /** Connects as superuser, to the same place after a restart. */
  readonly url: string;
}

export interface TimescaleOptions {
  readonly port?: number;
  /** Kept when given; else the data goes with the server. */
  readonly dataDir?: string;
  /** Arguments of `postgres`: `["-c", "fsync=off"]`, say. */
  readonly flags?: readonly string[];
}

/** After a crash it first replays its own log. */
const readyMaxMs = 120_000;

/** Starts a server on the loopback and waits until it answers. New databases have the extension, as in the image. */
export async function startTimescale(options: TimescaleOptions = {}): Promise<TimescaleServer> {
  const root = await installed("timescale");
  const data = openDataFolder("timescale", options.dataDir);
  const port = options.port ?? (await freePort());
  const url = `postgres://postgres:postgres@127.0.0.1:${port}/postgres`;
  const script = join(import.meta.dirname, "run-timescale.sh");
  const server = await startServerProcess({
    name: "TimescaleDB",
    command: ["bash", script, root, data.path, String(port), ...(options.flags ?? [])],
    // Sessions are cut, work under way is rolled back.
    stopSignal: "SIGINT",
    readyMaxMs,
    isReady: async () => {
      for (const name of ["template1", "postgres"]) {
        await onDatabase(url, name, "create extension if not exists timescaledb");
      }
      return true;
    },
    afterStop: data.forget,
  });
  return Object.assign(server, { url });
}

async function onDatabase(url: string, name: string, statement: string): Promise<void> {
  const connectionString = Object.assign(new URL(url), { pathname: `/${name}` }).href;
  const client = new pg.Client({ connectionString });
  // A server that is only just starting cuts connections.
  client.on("error", () => undefined);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
