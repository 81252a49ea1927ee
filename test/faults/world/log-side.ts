import { join } from "node:path";
import { makeMetrics, readSettings, type Scope, silentLogger } from "@tillcast/core";
import { type EventLog, openEventLog } from "@tillcast/event-log";
import type { Pool } from "pg";
import { eventLogSettings } from "../../../cli/event-log-settings.ts";
import { makeConfluentRegistry } from "../../../event-log/schema-ids/confluent-registry.ts";
import type { SchemaRegistry } from "../../../event-log/schema-ids/schema-registry.ts";
import { makeTableRegistry } from "../../../event-log/schema-ids/table-registry.ts";
import type { FaultProxy } from "../net/fault-proxy.ts";
import { type Broker, startBroker } from "./broker.ts";
import type { ServiceKind } from "./service.ts";

/** Where the event log lies. */
export const logKinds = ["postgres", "kafka"] as const;
export type LogKind = (typeof logKinds)[number];

type Environment = Readonly<Record<string, string>>;

/** What a world has besides its database, for its event log. */
export interface LogSide {
  /** What services of a kind need to be told. */
  readonly environmentOf: (kind: ServiceKind) => Environment;
  /** The same for the run itself and its commands, by no proxy. */
  readonly environment: Environment;
  /** Undefined where the log lies in the database. */
  readonly broker: Broker | undefined;
  readonly registryOf: (pool: Pool) => SchemaRegistry;
}

export interface LogSideOptions {
  readonly logKind: LogKind;
  readonly folder: string;
  readonly openWay: (name: string, targetPort: number) => Promise<FaultProxy>;
}

/** Starts what the event log lies on. */
export async function openLogSide(scope: Scope, options: LogSideOptions): Promise<LogSide> {
  if (options.logKind === "postgres") {
    const environment = { EVENT_LOG: "postgres" };
    return {
      environment,
      environmentOf: () => environment,
      broker: undefined,
      registryOf: makeTableRegistry,
    };
  }
  const broker = await startBroker(scope, {
    folder: join(options.folder, "broker"),
    openWay: options.openWay,
  });
  return {
    environment: broker.environment,
    environmentOf: broker.environmentOf,
    broker,
    registryOf: () => makeConfluentRegistry({ url: broker.registryUrl }),
  };
}

/** Opens the log for the run itself. */
export function openOwnLog(
  side: LogSide,
  way: { readonly pool: Pool; readonly url: string },
): Promise<EventLog> {
  return openEventLog({
    ...way,
    settings: readSettings(eventLogSettings, side.environment),
    log: silentLogger,
    metrics: makeMetrics(),
    applicationName: "fault run",
  });
}
