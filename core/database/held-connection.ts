/**
 * Connections that somebody keeps for longer than one statement. The driver tells of one that breaks by an
 * `error` event, and unheard that ends the process; so whoever keeps one takes it from here.
 */

import pg, { type Pool, type PoolClient } from "pg";
import { sessionName } from "./written-shape.ts";

/** A connection that is out of its pool. */
export interface HeldConnection {
  readonly client: PoolClient;
  /** Lets the pool have it back, once; one that broke, or has this fault, is thrown away. */
  giveBack(fault?: Error): void;
}

/** Takes a connection out of the pool. Should it break, its statements fail and `onBroken` hears of it. */
export async function holdConnection(
  pool: Pool,
  onBroken: (fault: Error) => void = () => undefined,
): Promise<HeldConnection> {
  const client = await pool.connect();
  let broken: Error | undefined;
  const onError = (fault: Error) => {
    broken = fault;
    onBroken(fault);
  };
  client.on("error", onError);
  return {
    client,
    giveBack(fault) {
      client.off("error", onError);
      client.release(fault ?? broken);
    },
  };
}

/** Runs `work` on one connection of the pool. */
export async function withConnection<Result>(
  pool: Pool,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  const held = await holdConnection(pool);
  try {
    return await work(held.client);
  } finally {
    held.giveBack();
  }
}

/** Connects apart from any pool; should the connection break, its statements fail. The caller ends it. */
export async function connectClient(config: pg.ClientConfig): Promise<pg.Client> {
  const { application_name: name } = config;
  const client = new pg.Client({
    ...config,
    ...(name !== undefined && { application_name: sessionName(name) }),
  });
  client.on("error", () => undefined);
  await client.connect();
  return client;
}
