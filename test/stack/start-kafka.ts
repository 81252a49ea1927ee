import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "../support/product.ts";
import { openDataFolder } from "./data-folder.ts";
import { installed } from "./installed.ts";
import { type ServerProcess, startServerProcess } from "./server-process.ts";

/** One broker that is its own controller. */
export interface KafkaServer extends ServerProcess {
  /** `host:port`, the same after a restart. */
  readonly brokers: string;
}

export interface KafkaOptions {
  readonly port?: number;
  /** Kept when given; else the data goes with the server. */
  readonly dataDir?: string;
  /** Added to `server.properties`, or in place of what stands there: `advertised.listeners`, say. */
  readonly properties?: Readonly<Record<string, string>>;
}

/** Any, but always the same: a folder that was formatted for one refuses another. */
const clusterId = "tillcastTillcastTillca";
/** After a crash a broker reads its segments again before it serves. */
const readyMaxMs = 180_000;
const logging: string = join(import.meta.dirname, "kafka-logging.yaml");
const heap = ["-Xms256m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:MaxDirectMemorySize=128m"];

/** Starts a broker on the loopback and waits until it serves. */
export async function startKafka(options: KafkaOptions = {}): Promise<KafkaServer> {
  const libraries = join(await installed("kafka"), "libs", "*");
  const data = openDataFolder("kafka", options.dataDir);
  const port = options.port ?? (await freePort());
  const brokers = `127.0.0.1:${port}`;
  const file = join(data.path, "server.properties");
  writeFileSync(file, propertiesOf(data.path, brokers, await freePort(), options.properties));
  const format = ["format", "--ignore-formatted", "-t", clusterId, "-c", file];
  const java = ["-cp", libraries, `-Dlog4j2.configurationFile=${logging}`];
  await promisify(execFile)("java", [...java, "kafka.tools.StorageTool", ...format]);
  const server = await startServerProcess({
    name: "Kafka",
    command: ["java", ...heap, ...java, "kafka.Kafka", file],
    stopSignal: "SIGTERM",
    readyMaxMs,
    isReady: async (output) => output.includes("Kafka Server started"),
    afterStop: data.forget,
  });
  return Object.assign(server, { brokers });
}

/** One node does everything, small, and topics are made on purpose only. */
function propertiesOf(
  folder: string,
  brokers: string,
  controllerPort: number,
  changed: Readonly<Record<string, string>> = {},
): string {
  const controller = `127.0.0.1:${controllerPort}`;
  const properties = {
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.quorum.voters": `1@${controller}`,
    "controller.listener.names": "CONTROLLER",
    listeners: `PLAINTEXT://${brokers},CONTROLLER://${controller}`,
    "advertised.listeners": `PLAINTEXT://${brokers}`,
    "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
    "inter.broker.listener.name": "PLAINTEXT",
    "log.dirs": join(folder, "log"),
    "auto.create.topics.enable": "false",
    "default.replication.factor": "1",
    "offsets.topic.replication.factor": "1",
    "offsets.topic.num.partitions": "4",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "transaction.state.log.num.partitions": "4",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "share.coordinator.state.topic.num.partitions": "4",
    "group.initial.rebalance.delay.ms": "0",
    "num.network.threads": "2",
    "num.io.threads": "4",
    "log.cleaner.dedupe.buffer.size": String(16 * 1024 * 1024),
    "log.segment.bytes": String(64 * 1024 * 1024),
    ...changed,
  };
  return `${Object.entries(properties)
    .map(([name, value]) => `${name}=${value}`)
    .join("\n")}\n`;
}
