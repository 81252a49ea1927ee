import { createHash, randomUUID } from "node:crypto";
import {
  businessDateOf,
  localHourStartOf,
  type Measures,
  measures,
  type OrderChannel,
  type OrderSnapshot,
  orderChannels,
  orderKeyOf,
  orderSnapshotCodec,
  WINDOW_MS,
  windowStartOf,
  zeroMeasures,
} from "@tillcast/schemas";
import type { Pool } from "pg";

export interface TestStore {
  readonly storeId: string;
  readonly tenantId: string;
  readonly timeZone: string;
  readonly currency: string;
  readonly closeoutMinute: number;
}

/** A store of a test; in Berlin, closing its day at 04:00, unless said otherwise. */
export async function addStore(
  service: Pool,
  fields: Partial<TestStore> & { readonly tenantId: string; readonly name?: string },
): Promise<TestStore> {
  const store: TestStore = {
    storeId: randomUUID(),
    timeZone: "Europe/Berlin",
    currency: "EUR",
    closeoutMinute: 240,
    ...fields,
  };
  await service.query(
    "insert into store (store_id, tenant_id, name, time_zone, currency) values ($1, $2, $3, $4, $5)",
    [store.storeId, store.tenantId, fields.name ?? "A store", store.timeZone, store.currency],
  );
  await service.query(
    "insert into store_closeout (store_id, tenant_id, effective_from, closeout_minute) values ($1, $2, '2020-01-01', $3)",
    [store.storeId, store.tenantId, store.closeoutMinute],
  );
  return store;
}

export interface TestSale extends Partial<Measures> {
  readonly at: string | number;
  readonly channel?: OrderChannel;
  readonly currency?: string;
  readonly businessDate?: string;
}

const measureNames = measures.join(", ");
const places = measures.map((_, index) => `$${index + 5}`).join(", ");
/** The place of the parameter that comes `index` behind the measures. */
const after = (index: number): string => `$${measures.length + 5 + index}`;
const added = (table: string) =>
  measures.map((measure) => `${measure} = ${table}.${measure} + excluded.${measure}`).join(", ");

/** Posts one order as the ledger does: head, entry, all rollups, and the store's next version. */
export async function postSale(service: Pool, store: TestStore, sale: TestSale): Promise<string> {
  const at = typeof sale.at === "number" ? sale.at : Date.parse(sale.at);
  const values: Measures = { ...zeroMeasures(), orders: 1n, ...pickMeasures(sale) };
  const closeouts = [{ effectiveFrom: "2020-01-01", closeoutMinute: store.closeoutMinute }];
  const businessDate = sale.businessDate ?? businessDateOf(at, store.timeZone, closeouts);
  const channel = orderChannels.indexOf(sale.channel ?? "dine_in");
  const currency = sale.currency ?? store.currency;
  const order = orderOf(store, sale, at, businessDate, values);
  const orderKey = orderKeyOf(order);
  const client = await service.connect();
  try {
    await client.query("begin");
    const { rows } = await client.query(
      `insert into store_sequence (store_id, tenant_id, seq) values ($1, $2, 1)
       on conflict (store_id) do update set seq = store_sequence.seq + 1 returning seq`,
      [store.storeId, store.tenantId],
    );
    const seq: string = rows[0].seq;
    await client.query(
      `insert into order_head values ($1, $2, $3, $4, $5, $6, $7, 1, 1, $8, 'hash', 1, 1, $9, $10, '', false, $8, $8, $8)`,
      [
        orderKey,
        store.tenantId,
        store.storeId,
        order.source,
        order.accountId,
        order.locationId,
        order.orderId,
        new Date(at),
        orderSnapshotCodec.fingerprint,
        orderSnapshotCodec.encode(order),
      ],
    );
    const amounts = measures.map((measure) => values[measure].toString());
    await client.query(
      `insert into ledger_entry (tenant_id, store_id, business_date, currency, ${measureNames},
         entry_id, order_key, counted_at, occurred_at, recorded_at, channel)
       values ($1, $2, $3, $4, ${places}, ${after(0)}, ${after(1)}, ${after(2)}, ${after(2)}, ${after(2)}, ${after(3)})`,
      [
        store.tenantId,
        store.storeId,
        businessDate,
        currency,
        ...amounts,
        createHash("sha256").update(orderKey).digest().subarray(0, 16),
        orderKey,
        new Date(at),
        channel,
      ],
    );
    const tiers = [
      ["rollup_15m", windowStartOf(at, WINDOW_MS)],
      ["rollup_hour", localHourStartOf(at, store.timeZone)],
    ] as const;
    for (const [table, start] of tiers) {
      await client.query(
        `insert into ${table} (tenant_id, store_id, business_date, currency, ${measureNames}, window_start, channel, seq)
         values ($1, $2, $3, $4, ${places}, ${after(0)}, ${after(1)}, ${after(2)})
         on conflict (store_id, business_date, window_start, channel, currency) do update set ${added(table)}, seq = ${after(2)}`,
        [
          store.tenantId,
          store.storeId,
          businessDate,
          currency,
          ...amounts,
          new Date(start),
          channel,
          seq,
        ],
      );
    }
    await client.query(
      `insert into rollup_day (tenant_id, store_id, business_date, currency, ${measureNames}, channel, seq)
       values ($1, $2, $3, $4, ${places}, ${after(0)}, ${after(1)})
       on conflict (store_id, business_date, channel, currency) do update set ${added("rollup_day")}, seq = ${after(1)}`,
      [store.tenantId, store.storeId, businessDate, currency, ...amounts, channel, seq],
    );
    await client.query("commit");
    return order.orderId;
  } finally {
    client.release();
  }
}

function pickMeasures(sale: TestSale): Partial<Measures> {
  return Object.fromEntries(
    measures.flatMap((measure) => (sale[measure] === undefined ? [] : [[measure, sale[measure]]])),
  );
}

function orderOf(
  store: TestStore,
  sale: TestSale,
  at: number,
  businessDate: string,
  values: Measures,
): OrderSnapshot {
  const zero = { gross: 0n, discount: 0n, net: 0n, charges: 0n, gratuity: 0n };
  return {
    tenantId: store.tenantId,
    storeId: store.storeId,
    source: "push",
    accountId: "default",
    locationId: "main",
    orderId: randomUUID(),
    relatedOrderId: null,
    registerId: null,
    receiptNumber: "R-1",
    staffKey: null,
    version: { vendorVersion: 1, mappingRevision: 1, observedAt: at, hash: "hash" },
    kind: "sale",
    status: "closed",
    openedAt: at,
    closedAt: at,
    paidAt: at,
    voidedAt: null,
    voidBusinessDate: null,
    voidReason: null,
    receivedAt: at,
    businessDate,
    businessDateFrom: "derived",
    timeZone: store.timeZone,
    currency: sale.currency ?? store.currency,
    channel: sale.channel ?? "dine_in",
    channelRaw: null,
    guests: null,
    testMode: false,
    taxMode: "exclusive",
    lines: [
      {
        key: "1",
        parentKey: null,
        itemId: null,
        name: "Margherita",
        category: null,
        quantityMicro: 1_500_000n,
        gross: values.gross,
        discount: values.discount,
        net: values.net,
        tax: values.tax,
        revenue: true,
        voidedAt: null,
        voidBusinessDate: null,
        checkId: null,
        kind: null,
      },
    ],
    charges: [],
    payments: [],
    refunds: [],
    totals: { ...zero, tax: 0n, tip: 0n, rounding: 0n, total: 0n },
    unreconciled: null,
    countedWhen: "paid",
    withheld: null,
    orderTax: null,
    numbering: null,
    numberSpace: null,
    formerKey: null,
    nameDecision: null,
    settingsRevision: 1,
  };
}
