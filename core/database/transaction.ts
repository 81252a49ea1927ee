import type { Writable } from "node:stream";
import type { Pool, PoolClient } from "pg";
import { databaseErrorCode, isRetryableConflict, isUnanswered } from "./database-errors.ts";
import { holdConnection } from "./held-connection.ts";

/** A connection inside a transaction. */
export type Transaction = PoolClient;

/** What a session may see and how long it waits for others. */
export type Isolation = "read committed" | "repeatable read" | "serializable";

export interface TransactionOptions {
  /** Default: read committed. */
  readonly isolation?: Isolation;
  readonly readOnly?: boolean;
  /**
   * Statements that are not awaited are sent behind one another at once, instead of each after the answer
   * to the one before. Once one fails, those behind it fail too. Not for cursors and the like.
   */
  readonly pipelined?: boolean;
  /** How often a conflict (deadlock, serialization, lock time-out) is tried again. */
  readonly retries?: number;
}

/** Conflicts end within a few tries; more means that something holds a lock for long. */
const retriesDefault = 5;
const retryPauseMinMs = 5;
const retryPauseMaxMs = 250;

/**
 * Runs `work` in one transaction, commits what it returns, rolls back what it throws.
 * Conflicts are run again from the beginning, so `work` must do nothing outside the transaction.
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
      await pauseBeforeRetry(attempt);
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
      // The third argument makes it local: the setting ends with the transaction.
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
    // The server answers ROLLBACK, without an error, when a statement failed and `work` hid that.
    if (committed.command !== "COMMIT")
      throw new Error("the transaction had failed; nothing was stored");
    return result;
  } catch (error) {
    // A connection that did not answer would not answer this either; the server rolls back when it notices.
    if (isUnanswered(error)) unusable = error;
    // If even the rollback fails, the connection is thrown away and the server rolls back.
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
 * Sends the statements that `send` starts, without waiting in between, as one write, and answers when all
 * of them are: for a pipelined transaction, whose statements would each be a system call and wake the
 * server by themselves. Of several faults it throws the one that made the others fail.
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

/** What every statement gets that comes behind a failed one. */
const failedTransactionCode = "25P02";

/** The driver reads this before each statement; its types know it only as an option of new connections. */
function setPipelined(client: PoolClient, pipelined: boolean): void {
  (client as PoolClient & { pipeline: boolean }).pipeline = pipelined;
}

function beginStatement(options: TransactionOptions): string {
  const isolation = options.isolation === undefined ? "" : ` isolation level ${options.isolation}`;
  return `begin${isolation}${options.readOnly === true ? " read only" : ""}`;
}

function pauseBeforeRetry(attempt: number): Promise<void> {
  const ceilingMs = Math.min(retryPauseMaxMs, retryPauseMinMs * 2 ** attempt);
  return new Promise((resolve) => setTimeout(resolve, Math.random() * ceilingMs));
}
