import {
  byteaArray,
  runStatement,
  type Statement,
  type Transaction,
} from "@tillcast/core/database";
import type { Fold, Posted } from "@tillcast/stream-processors/ledger";
import { type StoredHead, storedHeadColumns } from "./head-columns.ts";
import { postedOf, readHeads, readPosted } from "./read-head.ts";

/** A head's postings, as stored. */
export interface PostedBytes {
  readonly order_key: Buffer;
  readonly posted: Buffer;
}

const selectWhole: Statement = {
  name: "verify-select-damaged-heads",
  text: `select ${storedHeadColumns("head")} from order_head head where order_key = any($1::bytea[])`,
};

/**
 * Decodes the postings of heads. If the bytes are damaged, which the pass over the orders reports, it uses the
 * snapshot's postings, so that correct sums are not reported as wrong. If both are damaged there are none.
 */
export async function readPostings(
  tx: Transaction,
  heads: readonly PostedBytes[],
  fold: Fold,
): Promise<Posted[]> {
  const damaged: Buffer[] = [];
  const postings: Posted[] = [];
  for (const { order_key, posted } of heads) {
    const read = readPosted(posted);
    if ("value" in read) postings.push(read.value);
    else damaged.push(order_key);
  }
  if (damaged.length === 0) return postings;
  const { rows } = await runStatement<StoredHead>(tx, selectWhole, [byteaArray(damaged)]);
  const whole = (await readHeads(tx, rows, fold)).map(postedOf);
  return [...postings, ...whole.filter((posted) => posted !== undefined)];
}
