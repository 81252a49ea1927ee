import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Scope, silentLogger } from "@tillcast/core";
import { type Database, migrate, migrationFolder, openDatabase } from "@tillcast/core/database";
import type { EventLog } from "@tillcast/event-log";
import { topics } from "@tillcast/schemas";
import { freePort } from "../../support/product.ts";
import { type FaultProxy, openFaultProxy } from "../net/fault-proxy.ts";
import { type DatabaseServer, startDatabaseServer } from "./database-server.ts";
import { type FailPointOrders, openFailPointOrders } from "./fail-point-orders.ts";
import { type LogKind, type LogSide, openLogSide, openOwnLog } from "./log-side.ts";
import { type Service, type ServiceKind, startService } from "./service.ts";
import { canMount, mountSmallDisk, type SmallDisk } from "./small-disk.ts";

/** All real processes of a fault run, with a proxy on every connection between them. */
export interface World {
  readonly logKind: LogKind;
  readonly folder: string;
  readonly postgres: DatabaseServer;
  /** PostgreSQL's disk; undefined if none can be mounted. */
  readonly disk: SmallDisk | undefined;
  readonly log: LogSide;
  /** Proxies by name, such as `process > database`. */
  readonly ways: ReadonlyMap<string, FaultProxy>;
  readonly failPoints: FailPointOrders;
  /** The run's own connections, without a proxy. */
  readonly database: Database;
  readonly eventLog: EventLog;
  /** The environment for commands of the product on this world, without a proxy. */
  readonly commandEnvironment: Readonly<Record<string, string>>;
  /** The running services of a kind. */
  services(kind: ServiceKind): readonly Service[];
  /** Starts or stops processors until this many run. */
  scaleProcessors(count: number): Promise<void>;
  untilReady(): Promise<void>;
}

export interface WorldOptions {
  readonly logKind: LogKind;
  /** The checkout whose code the services run. */
  readonly root: string;
  readonly chance: () => number;
}

const diskMiB = 700;
/** How long a process stops itself at a fail point: longer than the timeout of its lock session. */
const stopMs = 11_000;
const ingestCount = 2;

/**
 * The settings of additional processors: small transactions, as many as possible in parallel, so that writers meet at
 * the same order often.
 */
const hastySettings = { LEDGER_BATCH_MAX_COUNT: "2", LEDGER_TRANSACTIONS_AT_ONCE: "8" };

/** Starts a world. The scope ends all of it. */
export async function openWorld(scope: Scope, options: WorldOptions): Promise<World> {
  const { logKind, chance } = options;
  const folder = mkdtempSync(join(tmpdir(), `tillcast-faults-${logKind}-`));
  // PostgreSQL's user must be able to enter it.
  chmodSync(folder, 0o755);
  scope.defer(() => rmSync(folder, { recursive: true, force: true }));
  const diskFolder = join(folder, "disk");
  const disk = canMount ? mountSmallDisk(diskFolder, diskMiB) : undefined;
  scope.defer(() => disk?.close());
  const postgres = await startDatabaseServer(join(diskFolder, "database"));
  scope.defer(() => postgres.close());

  const ways = new Map<string, FaultProxy>();
  async function openWay(name: string, targetPort: number): Promise<FaultProxy> {
    const way = await openFaultProxy({ targetPort, chance });
    scope.defer(() => way.close());
    ways.set(name, way);
    return way;
  }
  const log = await openLogSide(scope, { logKind, folder, openWay });
  const database = openDatabase({
    url: postgres.ownerUrl,
    applicationName: "fault run",
    // The run breaks these connections itself.
    onError: () => undefined,
  });
  scope.defer(() => database.close());
  await migrate({ url: postgres.ownerUrl, directory: migrationFolder, log: silentLogger });
  const eventLog = await openOwnLog(log, {
    pool: database.service,
    url: postgres.ownerUrl,
  });
  scope.defer(() => eventLog.close());
  await eventLog.ensureTopics(Object.values(topics));
  const failPoints = openFailPointOrders(join(folder, "fail-points"), stopMs);
  scope.defer(() => failPoints.close());

  const running: Service[] = [];
  scope.defer(async () => {
    await Promise.all(running.map((service) => service.stop()));
  });
  const databaseUrls = new Map<ServiceKind, string>();
  for (const kind of ["ingest", "process", "gateway"] as const) {
    const way = await openWay(`${kind} > database`, postgres.port);
    databaseUrls.set(kind, atPort(postgres.ownerUrl, way.port));
  }

  async function add(kind: ServiceKind, number: number): Promise<Service> {
    const name = `${kind}-${number}`;
    const service = startService({
      kind,
      name,
      root: options.root,
      folder: join(folder, name),
      port: await freePort(),
      env: {
        ...baseEnvironment,
        ...log.environmentOf(kind),
        NODE_COMPILE_CACHE: compileCache,
        DATABASE_URL: databaseUrls.get(kind) ?? "",
        TILLCAST_FAIL_POINTS: failPoints.folder,
        ...(kind === "process" && number > 1 && hastySettings),
      },
    });
    running.push(service);
    return service;
  }

  for (let number = 1; number <= ingestCount; number += 1) {
    const { name, port } = await add("ingest", number);
    await openWay(`tills > ${name}`, port);
  }
  await add("process", 1);
  await add("gateway", 1);
  await Promise.all(running.map((service) => service.untilReady()));

  const services = (kind: ServiceKind) => running.filter((service) => service.kind === kind);
  let processorsStarted = 1;
  return {
    logKind,
    folder,
    postgres,
    disk,
    log,
    ways,
    failPoints,
    database,
    eventLog,
    commandEnvironment: {
      ...baseEnvironment,
      ...log.environment,
      DATABASE_URL: postgres.ownerUrl,
      TILLCAST_DATA_DIR: join(folder, "command"),
    },
    services,
    async scaleProcessors(count) {
      while (services("process").length < count) await add("process", ++processorsStarted);
      while (services("process").length > count) {
        const last = services("process").at(-1) as Service;
        running.splice(running.indexOf(last), 1);
        await last.stop();
      }
      await Promise.all(services("process").map((service) => service.untilReady()));
    },
    async untilReady() {
      await Promise.all(running.map((service) => service.untilReady()));
    },
  };
}

/** Services restart often. This caches their compiled code. */
const compileCache = join(tmpdir(), "tillcast-faults-compiled");

const baseEnvironment = {
  TILLCAST_SECRET_KEY: Buffer.alloc(32, 7).toString("base64"),
  TILLCAST_DEMO: "off",
  TILLCAST_DRAIN_MS: "0",
  FORECAST_TRAINING: "off",
  INGEST_RELEASE_INTERVAL_MS: "300",
  LOG_LEVEL: "warn",
};

function atPort(url: string, port: number): string {
  const changed = new URL(url);
  changed.host = `127.0.0.1:${port}`;
  return changed.href;
}
