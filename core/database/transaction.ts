import type { Writable } from "node:stream";
import type { Pool, PoolClient } from "pg";
import { type PauseLimits, pause, retryPauseMs } from "../pause.ts";
import { databaseErrorCode, isRetryableConflict, isUnanswered } from "./database-errors.ts";
import { holdConnection } from "./held-connection.ts";

/** A connection inside a transaction. */
export type Transaction = PoolClient;

/** Isolation levels of a transaction. */
export type Isolation = "read committed" | "repeatable read" | "serializable";

export interface TransactionOptions {
  /** Default: read committed. */
  readonly isolation?: Isolation;
  readonly readOnly?: boolean;
  /**
   * Sends statements that are not awaited at once, instead of each after the answer to the one before. If one fails,
   * the following ones fail too. Not for cursors.
   */
  readonly pipelined?: boolean;
  /** How often a conflict (deadlock, serialization, lock timeout) is retried. */
  readonly retries?: number;
}

/** Conflicts end within a few retries. More mean that a lock is held for long. */
const retriesDefault = 5;
const retryPause: PauseLimits = { retryPauseMinMs: 5, retryPauseMaxMs: 250 };
/** A retry of a transaction is never cut short. */
const neverAborted = new AbortController().signal;

/**
 * Runs `work` in one transaction. Commits when it resolves, and rolls back when it rejects. After a conflict it runs
 * again from the start, so `work` must do nothing outside the transaction.
 */
export async function inTransaction<Result>(
  pool: Pool,
  work: (tx: Transaction) => Promise<Result>,
  options: TransactionOptions = {},
): Promise<Result> {
  const retriesMax = options.retries ?? retriesDefault;
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await runOnce(pool, work, options);
    } catch (error) {
      if (attempt >= retriesMax || !isRetryableConflict(error)) throw error;
      await pause(retryPauseMs(attempt, retryPause), neverAborted);
    }
  }
}

/** Runs `work` in a transaction that sees and writes only one tenant's rows. */
export async function asTenant<Result>(
  pool: Pool,
  tenantId: string,
  work: (tx: Transaction) => Promise<Result>,
  options: TransactionOptions = {},
): Promise<Result> {
  return inTransaction(
    pool,
    async (tx) => {
      // The third argument makes the setting local to the transaction.
      await tx.query("select set_config('app.tenant_id', $1, true)", [tenantId]);
      return work(tx);
    },
    options,
  );
}

async function runOnce<Result>(
  pool: Pool,
  work: (tx: Transaction) => Promise<Result>,
  options: TransactionOptions,
): Promise<Result> {
  const { client, giveBack } = await holdConnection(pool);
  let unusable: Error | undefined;
  try {
    setPipelined(client, options.pipelined === true);
    const [, result] = await inOneWrite(client, () => [
      client.query(beginStatement(options)),
      work(client),
    ]);
    const committed = await client.query("commit");
    // The server answers ROLLBACK without an error if a statement failed and `work` ignored that.
    if (committed.command !== "COMMIT")
      throw new Error("the transaction had failed; nothing was stored");
    return result;
  } catch (error) {
    // A connection that does not answer is closed without a rollback. The server then rolls back.
    if (isUnanswered(error)) unusable = error;
    // If the rollback fails, the connection is closed and the server rolls back.
    else
      await client.query("rollback").catch((fault: Error) => {
        unusable = fault;
      });
    throw error;
  } finally {
    setPipelined(client, false);
    giveBack(unusable);
  }
}

/**
 * Sends the statements that `send` starts in one write, and resolves when all are answered. It is for pipelined
 * transactions, in which each statement would otherwise be one system call and wake the server. If several fail, it
 * throws the error that made the others fail.
 */
export async function inOneWrite<const Results extends readonly unknown[]>(
  tx: Transaction,
  send: () => { readonly [Index in keyof Results]: Promise<Results[Index]> },
): Promise<Results> {
  const { stream } = (tx as Transaction & { connection: { stream: Writable } }).connection;
  stream.cork();
  let started: ReturnType<typeof send>;
  try {
    started = send();
  } finally {
    stream.uncork();
  }
  const outcomes = await Promise.allSettled(started);
  const faults = outcomes.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
  if (faults.length === 0) return Promise.all(started) as unknown as Promise<Results>;
  throw faults.find((fault) => databaseErrorCode(fault) !== failedTransactionCode) ?? faults[0];
}

/** The code of statements after a failed one. */
const failedTransactionCode = "25P02";

/** The driver reads this field before each statement. Its types declare it only as an option of new connections. */
function setPipelined(client: PoolClient, pipelined: boolean): void {
  (client as PoolClient & { pipeline: boolean }).pipeline = pipelined;
}

function beginStatement(options: TransactionOptions): string {
  const isolation = options.isolation === undefined ? "" : ` isolation level ${options.isolation}`;
  return `begin${isolation}${options.readOnly === true ? " read only" : ""}`;
}
