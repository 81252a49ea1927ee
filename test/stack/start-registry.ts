import { readdirSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../support/product.ts";
import { openDataFolder } from "./data-folder.ts";
import { installed } from "./installed.ts";
import { type ServerProcess, startServerProcess } from "./server-process.ts";

/** A schema registry that keeps what it knows in Kafka, and so knows it again after a restart. */
export interface RegistryServer extends ServerProcess {
  /** Of its Confluent-compatible protocol, the same after a restart. */
  readonly url: string;
}

export interface RegistryOptions {
  /** `host:port` of the broker that keeps the schemas. */
  readonly brokers: string;
  readonly port?: number;
}

/** It first reads all of its topic. */
const readyMaxMs = 120_000;
const heap = ["-Xms64m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"];

/** Starts a registry on the loopback and waits until it answers. */
export async function startRegistry(options: RegistryOptions): Promise<RegistryServer> {
  const folder = await installed("registry");
  const program = readdirSync(folder).find((name) => name.endsWith("-runner.jar")) ?? "";
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}/apis/ccompat/v7`;
  const data = openDataFolder("registry", undefined);
  const settings = {
    "quarkus.http.host": "127.0.0.1",
    "quarkus.http.port": String(port),
    // Without this it keeps everything in memory.
    "apicurio.storage.kind": "kafkasql",
    "apicurio.kafkasql.bootstrap.servers": options.brokers,
    "java.io.tmpdir": data.path,
  };
  const java = Object.entries(settings).map(([name, value]) => `-D${name}=${value}`);
  const server = await startServerProcess({
    name: "The schema registry",
    command: ["java", ...heap, ...java, "-jar", join(folder, program)],
    stopSignal: "SIGTERM",
    readyMaxMs,
    isReady: async () => (await fetch(`${url}/subjects`)).ok,
    afterStop: data.forget,
  });
  return Object.assign(server, { url });
}
