import {
  type EventLog,
  makeMetrics,
  openPostgresLog,
  type Scope,
  silentLogger,
} from "@tillcast/core";
import type { Pool } from "pg";
import type { FaultProxy } from "../net/fault-proxy.ts";

/** Where the event log lies. */
export const logKinds = ["postgres", "kafka"] as const;
export type LogKind = (typeof logKinds)[number];

/** What a world has besides its database, for its event log. */
export interface LogSide {
  /** What the services need to be told. */
  readonly environment: Readonly<Record<string, string>>;
  /** Opens the log for the run itself. */
  open(way: { readonly pool: Pool; readonly url: string }): Promise<EventLog>;
}

export interface LogSideOptions {
  readonly logKind: LogKind;
  readonly folder: string;
  readonly openWay: (name: string, targetPort: number) => Promise<FaultProxy>;
}

/** Starts what the event log lies on. */
export async function openLogSide(_scope: Scope, options: LogSideOptions): Promise<LogSide> {
  if (options.logKind === "kafka") throw new Error("not yet");
  return {
    environment: { EVENT_LOG: "postgres" },
    open: ({ pool, url }) =>
      openPostgresLog({ pool, url, log: silentLogger, metrics: makeMetrics() }),
  };
}
