import { runStatement, type Statement, type Transaction, uuidArray } from "@tillcast/core/database";

/** A store's version after the batch. */
export interface StoreStamp {
  readonly tenantId: string;
  readonly epoch: number;
  readonly seq: bigint;
}

const advanceStatement: Statement = {
  name: "ledger-advance-sequences",
  text: `
    insert into store_sequence (store_id, tenant_id, seq)
    select store_id, tenant_id, 1
    from unnest($1::uuid[], $2::uuid[]) as touched (store_id, tenant_id)
    order by store_id
    on conflict (store_id) do update
    set seq = store_sequence.seq + 1
    returning store_id, tenant_id, epoch, seq`,
};

/**
 * Raises the version of every touched store by one and answers it. It also locks the stores, in the order
 * of their ids, before any rollup row of theirs is written.
 */
export async function advanceSequences(
  tx: Transaction,
  stores: ReadonlyMap<string, string>,
): Promise<Map<string, StoreStamp>> {
  type Row = { store_id: string; tenant_id: string; epoch: number; seq: bigint };
  const { rows } = await runStatement<Row>(tx, advanceStatement, [
    uuidArray([...stores.keys()]),
    uuidArray([...stores.values()]),
  ]);
  return new Map(
    rows.map(({ store_id, tenant_id, epoch, seq }) => [
      store_id,
      { tenantId: tenant_id, epoch, seq },
    ]),
  );
}
