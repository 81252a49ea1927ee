import { join } from "node:path";
import type { Scope } from "@tillcast/core";
import type { ServerProcess } from "../../stack/server-process.ts";
import { startKafka } from "../../stack/start-kafka.ts";
import { startRegistry } from "../../stack/start-registry.ts";
import { freePort } from "../../support/product.ts";
import type { FaultProxy } from "../net/fault-proxy.ts";
import { type ServiceKind, serviceKinds } from "./service.ts";
import { canMount, mountSmallDisk, type SmallDisk } from "./small-disk.ts";

const diskMiB = 600;

type Environment = Readonly<Record<string, string>>;

/** A broker and a schema registry, with a way of its own for each kind of service. */
export interface Broker {
  readonly kafka: ServerProcess;
  readonly registry: ServerProcess;
  /** The folder with everything that the broker keeps. */
  readonly dataDir: string;
  /** By no proxy. */
  readonly registryUrl: string;
  /** The disk below the broker; undefined where none can be mounted. */
  readonly disk: SmallDisk | undefined;
  readonly environment: Environment;
  readonly environmentOf: (kind: ServiceKind) => Environment;
}

/** Starts both. A broker says to its clients where to come back to, hence a listener for each way. */
export async function startBroker(
  scope: Scope,
  options: {
    readonly folder: string;
    readonly openWay: (name: string, targetPort: number) => Promise<FaultProxy>;
  },
): Promise<Broker> {
  const disk = canMount ? mountSmallDisk(options.folder, diskMiB) : undefined;
  scope.defer(() => disk?.close());
  const direct = await freePort();
  const controller = await freePort();
  const listeners = [`PLAINTEXT://127.0.0.1:${direct}`, `CONTROLLER://127.0.0.1:${controller}`];
  const advertised = [`PLAINTEXT://127.0.0.1:${direct}`];
  const protocols = ["PLAINTEXT:PLAINTEXT", "CONTROLLER:PLAINTEXT"];
  const ways = new Map<ServiceKind, FaultProxy>();
  for (const kind of serviceKinds) {
    const port = await freePort();
    const way = await options.openWay(`${kind} > broker`, port);
    const name = kind.toUpperCase();
    listeners.push(`${name}://127.0.0.1:${port}`);
    advertised.push(`${name}://127.0.0.1:${way.port}`);
    protocols.push(`${name}:PLAINTEXT`);
    ways.set(kind, way);
  }
  const kafka = await startKafka({
    port: direct,
    dataDir: options.folder,
    properties: {
      "controller.quorum.voters": `1@127.0.0.1:${controller}`,
      listeners: listeners.join(","),
      "advertised.listeners": advertised.join(","),
      "listener.security.protocol.map": protocols.join(","),
    },
  });
  scope.defer(() => kafka.stop());
  const registry = await startRegistry({ brokers: kafka.brokers });
  scope.defer(() => registry.stop());
  const registryPort = Number(new URL(registry.url).port);
  const registryWay = await options.openWay("services > registry", registryPort);
  const environmentAt = (brokerPort: number, registryUrl: string) => ({
    EVENT_LOG: "kafka",
    KAFKA_BROKERS: `127.0.0.1:${brokerPort}`,
    SCHEMA_REGISTRY_URL: registryUrl,
  });
  const byWay = registry.url.replace(`:${registryPort}/`, `:${registryWay.port}/`);
  return {
    kafka,
    disk,
    registry,
    dataDir: join(options.folder, "log"),
    registryUrl: registry.url,
    environment: environmentAt(direct, registry.url),
    environmentOf: (kind) => environmentAt(ways.get(kind)?.port ?? 0, byWay),
  };
}
