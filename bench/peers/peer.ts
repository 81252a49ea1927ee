import type { ChildProcess } from "node:child_process";
import type { ClientBase } from "pg";
import type { BenchInstallation } from "../support/bench-installation.ts";

/** Something that keeps a 15-minute rollup of the order topic in PostgreSQL. */
export interface Peer {
  readonly name: string;
  /** How its rollup is read. */
  readonly rollup: RollupTable;
  /** Forgets all that it ever read, so that it begins at the topic's start. */
  reset(client: ClientBase): Promise<void>;
  /** Starts its process, which goes on until it is killed. */
  start(installation: BenchInstallation): ChildProcess;
}

/** A rollup's table and how its columns say what all of them say. */
export interface RollupTable {
  readonly table: string;
  /** The channel's name. */
  readonly channel: string;
  /** The window's start in UTC milliseconds. */
  readonly windowStart: string;
  /** True for the windows of one channel that live orders fall into, from parameter $1 on. */
  readonly isLive: string;
}

/** Tables of a peer that keeps heads and one rollup itself. */
export function peerTables(schema: string): { ddl: string; rollup: RollupTable } {
  return {
    ddl: `
      drop schema if exists ${schema} cascade;
      create schema ${schema};
      create table ${schema}.rollup (
        store_id uuid, channel text, window_start bigint, net bigint not null, orders bigint not null,
        primary key (store_id, channel, window_start));
      create table ${schema}.order_head (
        order_id text primary key, version bigint not null, store_id uuid not null,
        channel text not null, window_start bigint not null, net bigint not null,
        counted boolean not null);`,
    rollup: {
      table: `${schema}.rollup`,
      channel: "channel",
      windowStart: "window_start",
      isLive: "channel = 'dine_in' and window_start >= $1::bigint",
    },
  };
}
