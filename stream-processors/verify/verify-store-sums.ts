import { inTransaction, runStatement, type Statement } from "@tillcast/core";
import type { Pool } from "pg";
import { postedCodec } from "../ledger/fold/posted.ts";
import { addToRow, compareRows, type Differences } from "./differences.ts";

const selectPosted: Statement = {
  name: "verify-posted-of-store",
  text: "select posted from order_head where store_id = $1",
};
const selectTenders: Statement = {
  name: "verify-tenders-of-store",
  text: "select business_date, method, currency, amount, tip, refunded, payments from tender_day where store_id = $1",
};
const selectOpen: Statement = {
  name: "verify-open-of-store",
  text: "select currency, amount, orders from open_sales where store_id = $1",
};

interface TenderRow {
  readonly business_date: string;
  readonly method: string;
  readonly currency: string;
  readonly amount: bigint;
  readonly tip: bigint;
  readonly refunded: bigint;
  readonly payments: bigint;
}

/**
 * Compares a store's tender totals and open orders with the heads they come from. Payments may lie on
 * days without sales, so this reads the store's heads whole, in one transaction.
 */
export async function verifyStoreSums(
  pool: Pool,
  storeId: string,
  differences: Differences,
): Promise<void> {
  const { posted, tenders, open } = await inTransaction(
    pool,
    async (tx) => ({
      posted: (await runStatement<{ posted: Buffer }>(tx, selectPosted, [storeId])).rows,
      tenders: (await runStatement<TenderRow>(tx, selectTenders, [storeId])).rows,
      open: (
        await runStatement<{ currency: string; amount: bigint; orders: bigint }>(tx, selectOpen, [
          storeId,
        ])
      ).rows,
    }),
    { isolation: "repeatable read", readOnly: true },
  );
  const tenderKey = (date: string, method: string, currency: string) =>
    `store ${storeId}, business date ${date}, ${method}, ${currency}`;
  const expectedTenders = new Map<string, Record<string, bigint>>();
  const expectedOpen = new Map<string, Record<string, bigint>>();
  for (const { posted: bytes } of posted) {
    const { currency, tenders: ofOrder, open: amount } = postedCodec.decode(bytes);
    for (const { businessDate, method, payments, ...values } of ofOrder) {
      addToRow(expectedTenders, tenderKey(businessDate, method, currency), {
        ...values,
        payments: BigInt(payments),
      });
    }
    if (amount !== null)
      addToRow(expectedOpen, `store ${storeId}, ${currency}`, { amount, orders: 1n });
  }
  const foundTenders = new Map<string, Record<string, bigint>>();
  for (const { business_date, method, currency, ...values } of tenders) {
    addToRow(foundTenders, tenderKey(business_date, method, currency), values);
  }
  const foundOpen = new Map<string, Record<string, bigint>>();
  for (const { currency, ...values } of open)
    addToRow(foundOpen, `store ${storeId}, ${currency}`, values);
  compareRows("tender_day", expectedTenders, foundTenders, differences);
  compareRows("open_sales", expectedOpen, foundOpen, differences);
}
