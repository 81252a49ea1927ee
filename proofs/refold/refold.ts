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

/** Heads of one transaction; few enough that a live order waits for it no longer than for a batch. */
const headsAtOnce = 500;

/** A head that live processing changes at the same moment is read again. */
const headConflictTriesMax = 10;

export interface RefoldOptions {
  readonly fold: Fold;
  /** Of windows that start earlier only the business dates are told. */
  readonly wholeFromMs: number;
  /** Called after each transaction. */
  readonly onSlice: (slice: RefoldedSlice) => Promise<void>;
  readonly signal?: AbortSignal;
}

/** What one transaction did. */
export interface RefoldedSlice {
  /** Heads looked at. */
  readonly seen: number;
  /** Heads posted anew. */
  readonly refolded: number;
  readonly settled: SettledBatch | null;
}

/**
 * Posts for every head of an older fold what the given fold makes of it now, through the same
 * compare-and-set and store sequences as live processing, so that both may run at once. What is done is
 * told by the heads themselves; whoever begins again goes on where the work was left.
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
          // An order that left its name posts under the other.
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
