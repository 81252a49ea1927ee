/**
 * Connections that are held for longer than one statement. The driver emits an `error` event when one breaks, and without
 * a listener that ends the process. So all code that holds a connection takes it from here.
 */

import pg, { type Pool, type PoolClient } from "pg";
import { sessionName } from "./written-shape.ts";

/** A connection that was taken out of its pool. */
export interface HeldConnection {
  readonly client: PoolClient;
  /** Gives the connection back to the pool once. It is closed instead if it broke or an error is given. */
  giveBack(fault?: Error): void;
}

/** Takes a connection out of the pool. If it breaks, its statements fail and `onBroken` is called. */
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

/** Opens a connection outside any pool. If it breaks, its statements fail. The caller closes it. */
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
