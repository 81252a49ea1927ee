import { findAppError } from "@tillcast/core";
import { inTransaction, type Transaction } from "@tillcast/core/database";
import type { Fold } from "@tillcast/stream-processors/ledger";
import {
  emptied,
  postFolded,
  refoldHeads,
  type SettledBatch,
} from "@tillcast/stream-processors/ledger";
import type { Pool } from "pg";
import { loadOlderHeads } from "./older-heads.ts";

/** Heads per transaction, few enough that a live order waits no longer than for a batch. */
const headsAtOnce = 500;

/** How often a slice is read again if live processing changes its heads meanwhile. */
const headConflictTriesMax = 10;

export interface RefoldOptions {
  readonly fold: Fold;
  /** Earlier windows are reported by business date only. */
  readonly wholeFromMs: number;
  /** Called after each transaction. */
  readonly onSlice: (slice: RefoldedSlice) => Promise<void>;
  readonly signal?: AbortSignal;
}

/** The result of one transaction. */
export interface RefoldedSlice {
  /** Heads that were read. */
  readonly seen: number;
  /** Heads that were posted again. */
  readonly refolded: number;
  readonly settled: SettledBatch | null;
}

/**
 * Posts every head of an older fold again with the given fold. It uses the same compare-and-set and store sequences
 * as live processing, so that both may run at the same time. The heads tell which are done, so that a second run
 * continues where the first one stopped.
 */
export async function refoldTables(pool: Pool, options: RefoldOptions): Promise<void> {
  let after: Buffer | null = Buffer.alloc(0);
  while (after !== null) {
    options.signal?.throwIfAborted();
    const { last, ...slice } = await refoldSlice(pool, after, options);
    after = last;
    await options.onSlice(slice);
  }
}

async function refoldSlice(
  pool: Pool,
  after: Buffer,
  { fold, wholeFromMs }: RefoldOptions,
): Promise<RefoldedSlice & { readonly last: Buffer | null }> {
  const advance = () => Promise.resolve();
  for (let attempt = 1; ; attempt += 1) {
    try {
      const work = async (tx: Transaction) => {
        const stretch = { after, foldRevision: fold.revision, countMax: headsAtOnce };
        const { older, seen, last } = await loadOlderHeads(tx, stretch);
        if (older.length === 0) return { seen, last, refolded: 0, settled: null };
        const refolded = older.map(({ head, snapshot }) => ({
          head,
          // A renamed order posts under its new name.
          posted: head.movedTo === null ? fold.postingsOf(snapshot) : emptied(head.posted),
        }));
        const folded = refoldHeads(refolded, fold.revision);
        const settled = await postFolded(tx, folded, { wholeFromMs, advance });
        return { seen, last, refolded: older.length, settled };
      };
      return await inTransaction(pool, work, { pipelined: true });
    } catch (error) {
      const moved = findAppError(error)?.code === "headMoved";
      if (attempt >= headConflictTriesMax || !moved) throw error;
    }
  }
}
