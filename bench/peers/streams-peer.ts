import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { topics } from "@tillcast/schemas";
import { type Peer, peerTables } from "./peer.ts";

const folder = fileURLToPath(new URL("./kafka-streams/", import.meta.url));
const schemaFile = fileURLToPath(
  new URL("../../schemas/avro/generated/order-snapshot-v1.avsc", import.meta.url),
);
const { ddl, rollup } = peerTables("peer_streams");
let round = 0;
let stateDir: string | undefined;

/** Builds it from its sources; needs Maven and a JDK. */
export function buildStreamsPeer(): void {
  execFileSync("mvn", ["-q", "-B", "package"], { cwd: folder, stdio: "inherit" });
}

/** Kafka Streams with exactly_once_v2, and a sink that upserts by JDBC. */
export const streamsPeer: Peer = {
  name: "Kafka Streams",
  rollup,
  async reset(client) {
    round += 1;
    if (stateDir !== undefined) rmSync(stateDir, { recursive: true, force: true });
    stateDir = mkdtempSync(join(tmpdir(), "tillcast-bench-streams-"));
    await client.query(ddl);
  },
  start({ url, env }) {
    const { hostname, port, pathname, username, password } = new URL(url);
    const child = spawn("java", ["-cp", "target/peer.jar:target/libs/*", "tillcast.bench.Peer"], {
      cwd: folder,
      env: {
        ...process.env,
        ...env,
        TOPIC: topics.orders.topic,
        PARTITIONS: String(topics.orders.partitions),
        APPLICATION_ID: `peer-streams-${round}`,
        SCHEMA_FILE: schemaFile,
        STATE_DIR: stateDir,
        JDBC_URL: `jdbc:postgresql://${hostname}:${port}${pathname}?user=${username}&password=${password}`,
      },
      // What it logs is of interest only when it fails, and then it is a lot.
      stdio: ["ignore", "ignore", process.env.BENCH_PEER_LOG === undefined ? "ignore" : "inherit"],
    });
    return child;
  },
};
