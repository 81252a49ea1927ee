import {
  inTransaction,
  runStatement,
  type Statement,
  type Transaction,
} from "@tillcast/core/database";
import type { Fold, Posted } from "@tillcast/stream-processors/ledger";
import type { Pool } from "pg";
import {
  addToRow,
  compareRows,
  compareTexts,
  type Differences,
  type FoundRow,
} from "./differences.ts";
import { type PostedBytes, readPostings } from "./read-postings.ts";
import type { VerifiedStore } from "./stores.ts";

/** Most heads in memory. */
const headsAtOnce = 1_000;

const declareHeads: Statement = {
  name: "verify-declare-heads-of-store",
  text: `
    declare verify_heads no scroll cursor for
    select order_key, posted from order_head where store_id = $1`,
};
const fetchHeads: Statement = {
  name: "verify-fetch-heads-of-store",
  text: `fetch ${headsAtOnce} from verify_heads`,
};
const selectTenders: Statement = {
  name: "verify-tenders-of-store",
  text: "select tenant_id, business_date, method, currency, amount, tip, refunded, payments from tender_day where store_id = $1",
};
const selectOpen: Statement = {
  name: "verify-open-of-store",
  text: "select tenant_id, currency, amount, orders from open_sales where store_id = $1",
};
const selectSequence: Statement = {
  name: "verify-sequence-of-store",
  text: "select tenant_id, epoch, seq from store_sequence where store_id = $1",
};

interface TenderRow {
  readonly tenant_id: string;
  readonly business_date: string;
  readonly method: string;
  readonly currency: string;
  readonly amount: bigint;
  readonly tip: bigint;
  readonly refunded: bigint;
  readonly payments: bigint;
}

interface OpenRow {
  readonly tenant_id: string;
  readonly currency: string;
  readonly amount: bigint;
  readonly orders: bigint;
}

interface SequenceRow {
  readonly tenant_id: string;
  readonly epoch: number;
  readonly seq: bigint;
}

/**
 * Compares a store's tender totals and open orders with its heads, and checks the tenant of its sequence. Payments may
 * be on days without sales, so it reads all heads of the store, in parts, in one transaction.
 */
export async function verifyStoreSums(
  pool: Pool,
  store: VerifiedStore,
  differences: Differences,
  fold: Fold,
): Promise<void> {
  const { sums, tenders, open, sequence } = await inTransaction(
    pool,
    async (tx) => ({
      sums: await sumHeads(tx, store.storeId, fold),
      tenders: (await runStatement<TenderRow>(tx, selectTenders, [store.storeId])).rows,
      open: (await runStatement<OpenRow>(tx, selectOpen, [store.storeId])).rows,
      sequence: (await runStatement<SequenceRow>(tx, selectSequence, [store.storeId])).rows[0],
    }),
    { isolation: "repeatable read", readOnly: true },
  );
  const foundTenders = new Map<string, FoundRow>();
  for (const { tenant_id, business_date, method, currency, ...amounts } of tenders) {
    const key = tenderKey(store.storeId, business_date, method, currency);
    foundTenders.set(key, { amounts, texts: { tenant_id } });
  }
  const foundOpen = new Map<string, FoundRow>();
  for (const { tenant_id, currency, ...amounts } of open) {
    foundOpen.set(openKey(store.storeId, currency), { amounts, texts: { tenant_id } });
  }
  const whose = { tenant_id: store.tenantId };
  compareRows("tender_day", sums.tenders, foundTenders, differences, whose);
  compareRows("open_sales", sums.open, foundOpen, differences, whose);
  if (sums.heads > 0 || sequence !== undefined) compareSequence(store, sequence, differences);
}

interface HeadSums {
  readonly heads: number;
  readonly tenders: Map<string, Record<string, bigint>>;
  readonly open: Map<string, Record<string, bigint>>;
}

async function sumHeads(tx: Transaction, storeId: string, fold: Fold): Promise<HeadSums> {
  const tenders = new Map<string, Record<string, bigint>>();
  const open = new Map<string, Record<string, bigint>>();
  let heads = 0;
  await runStatement(tx, declareHeads, [storeId]);
  for (;;) {
    const { rows } = await runStatement<PostedBytes>(tx, fetchHeads, []);
    if (rows.length === 0) return { heads, tenders, open };
    heads += rows.length;
    for (const posted of await readPostings(tx, rows, fold)) {
      addHead({ tenders, open }, storeId, posted);
    }
  }
}

function addHead(sums: Omit<HeadSums, "heads">, storeId: string, posted: Posted): void {
  const { currency, tenders, open } = posted;
  for (const { businessDate, method, payments, ...values } of tenders) {
    const key = tenderKey(storeId, businessDate, method, currency);
    addToRow(sums.tenders, key, { ...values, payments: BigInt(payments) });
  }
  if (open !== null) addToRow(sums.open, openKey(storeId, currency), { amount: open, orders: 1n });
}

const tenderKey = (storeId: string, date: string, method: string, currency: string) =>
  `store ${storeId}, business date ${date}, ${method}, ${currency}`;
const openKey = (storeId: string, currency: string) => `store ${storeId}, ${currency}`;

/** A sequence starts at 1 with the store's first order. */
function compareSequence(
  store: VerifiedStore,
  sequence: SequenceRow | undefined,
  differences: Differences,
): void {
  const expected = { tenant_id: store.tenantId, epoch: "at least 1", seq: "at least 0" };
  const found =
    sequence === undefined
      ? {}
      : {
          tenant_id: sequence.tenant_id,
          epoch: sequence.epoch >= 1 ? expected.epoch : String(sequence.epoch),
          seq: sequence.seq >= 0n ? expected.seq : String(sequence.seq),
        };
  compareTexts("store_sequence", `store ${store.storeId}`, expected, found, differences);
}
