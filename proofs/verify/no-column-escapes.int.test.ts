import { contentHashOf, type OrderSnapshot } from "@tillcast/schemas";
import {
  line,
  minute,
  noon,
  openHarness,
  order,
  type ProcessorHarness,
  storeId,
  tenantId,
} from "@tillcast/stream-processors/testing";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { uncomparedColumns } from "./uncompared-columns.ts";
import { verifyTables } from "./verify.ts";

const tables = Object.keys(uncomparedColumns);

let harness: ProcessorHarness;
let superuser: pg.Client;

beforeAll(async () => {
  harness = await openHarness();
  superuser = new pg.Client({
    connectionString: harness.test.superuserUrl,
    options: "-c search_path=tillcast",
  });
  await superuser.connect();
  await superuser.query("insert into tenant (tenant_id, name) values ($1, 'Test')", [tenantId]);
  await superuser.query(
    "insert into store (store_id, tenant_id, name, time_zone, currency) values ($1, $2, 'Berlin', 'Europe/Berlin', 'EUR')",
    [storeId, tenantId],
  );
  await harness.append([...seenOnce, edited(1), open]);
  await harness.append([edited(2)]);
  await harness.settleAll();
  await keepTables();
});

afterAll(async () => {
  await superuser.end();
  await harness.close();
});

/** As ingest hashes it. */
function hashed(snapshot: OrderSnapshot): OrderSnapshot {
  return { ...snapshot, version: { ...snapshot.version, hash: contentHashOf(snapshot) } };
}

const payment = {
  key: "p",
  method: "card",
  amount: 1_100n,
  tip: 50n,
  status: "done",
  at: noon,
  businessDate: "2026-11-21",
} as const;

const seenOnce = Array.from({ length: 6 }, (_, index) =>
  hashed(
    order({
      orderId: `once-${index}`,
      receiptNumber: `receipt ${index}`,
      channel: index % 2 === 0 ? "dine_in" : "takeout",
      paidAt: noon + index * 20 * minute,
      lines: [line({ net: BigInt(700 + index), itemId: `item-${index % 2}` })],
      payments: [payment],
    }),
  ),
);

const edited = (vendorVersion: number) =>
  hashed(
    order({
      orderId: "edited",
      vendorVersion,
      lines: [line({ net: BigInt(vendorVersion * 300) })],
    }),
  );

const open = hashed(order({ orderId: "open", status: "open", paidAt: null, closedAt: null }));

/** Which row is damaged: one that counts, and whose every column is known. */
const rowOrder: Readonly<Record<string, string>> = {
  order_head: "posted_from nulls last, head_revision, order_id",
  ledger_entry:
    "(select head_revision from order_head h where h.order_key = t.order_key), entry_id",
};

/** Keeps each table, its rows numbered; the first one is the one that is damaged. */
async function keepTables(): Promise<void> {
  for (const table of tables) {
    await superuser.query(
      `create table kept_${table} as
       select t.*, row_number() over (order by ${rowOrder[table] ?? "t::text"}) as kept_row from ${table} t`,
    );
  }
}

/**
 * Fills a table with what was kept of it, one column of the first row changed. False where the database
 * itself refuses such a row, as TimescaleDB does at the end of time.
 */
async function fill(
  table: string,
  damage?: { readonly column: string; readonly value: string },
): Promise<boolean> {
  const columns = (await columnsOf(table)).map(({ column }) => column);
  const values = columns.map((column) =>
    column === damage?.column
      ? `case when kept_row = 1 then ${damage.value} else ${column} end`
      : column,
  );
  await superuser.query("begin");
  try {
    await superuser.query(`truncate ${table}`);
    await superuser.query(
      `insert into ${table} (${columns.join(", ")}) select ${values.join(", ")} from kept_${table}`,
    );
    await superuser.query("commit");
    return true;
  } catch (error) {
    await superuser.query("rollback");
    if (damage === undefined) throw error;
    return false;
  }
}

interface Column {
  readonly column: string;
  readonly type: string;
  readonly nullable: boolean;
}

async function columnsOf(table: string): Promise<Column[]> {
  const { rows } = await superuser.query<{ column: string; type: string; nullable: boolean }>(
    `select column_name as column, data_type as type, is_nullable = 'YES' as nullable
     from information_schema.columns where table_schema = 'tillcast' and table_name = $1
     order by ordinal_position`,
    [table],
  );
  return rows;
}

const flipped = (place: string) => (column: string) =>
  `set_byte(${column}, ${place.replaceAll("$", column)}, get_byte(${column}, ${place.replaceAll("$", column)}) # 1)`;

/** What damage does to a value of each type, as SQL. */
const damagesByType: Readonly<Record<string, readonly ((column: string) => string)[]>> = {
  uuid: [() => "'01990000-0000-7000-8000-00000000dead'::uuid"],
  text: [(column) => `${column} || 'x'`, () => "''"],
  date: [(column) => `${column} + 1`, () => "'infinity'::date"],
  "timestamp with time zone": [
    (column) => `${column} + interval '7 minutes'`,
    () => "'infinity'::timestamptz",
  ],
  bigint: [(column) => `${column} + 1`, () => "9223372036854775807"],
  smallint: [(column) => `((${column} + 3) % 8)::smallint`, () => "999::smallint"],
  integer: [(column) => `${column} + 1`, () => "-5"],
  boolean: [(column) => `not ${column}`],
  bytea: [
    flipped("0"),
    flipped("length($) / 2"),
    flipped("length($) - 1"),
    (column) => `substr(${column}, 1, length(${column}) - 1)`,
    (column) => `${column} || '\\x00'`,
  ],
};

/** Counts of which any from 1 on is right, and a fold that is older is no fault. */
const damagesByColumn: Readonly<Record<string, readonly string[]>> = {
  head_revision: ["0", "-5"],
  fold_revision: ["0::smallint", "9999::smallint"],
  epoch: ["0", "-5"],
  moved_to: ["order_key", "'\\x00'::bytea"],
};

function damagesOf({ column, type, nullable }: Column): readonly string[] {
  const ofType = (damagesByType[type] ?? []).map((damage) => damage(column));
  return [...(damagesByColumn[column] ?? ofType), ...(nullable ? ["null"] : [])];
}

async function firstRow(table: string): Promise<Record<string, unknown>> {
  const { rows } = await superuser.query(`select * from kept_${table} where kept_row = 1`);
  return rows[0];
}

/** Whether a difference names the row: the table, and the order or the place that it belongs to. */
async function isNamed(table: string): Promise<boolean> {
  const { differences } = await verifyTables(harness.test.database.service);
  const row = await firstRow(table);
  const key = row.order_key instanceof Buffer ? row.order_key.toString("hex") : "";
  const orderId = typeof row.order_id === "string" ? row.order_id : "";
  return differences.some(
    (difference) =>
      difference.table === table &&
      (key === ""
        ? difference.key.includes("store ")
        : difference.key.includes(key) ||
          (orderId !== "" && difference.key.includes(`push/default/${orderId}`))),
  );
}

describe("no column escapes verify", () => {
  it("says equal of what is whole", async () => {
    const result = await verifyTables(harness.test.database.service);
    expect(result.differences).toEqual([]);
    expect(result).toMatchObject({ equal: true, orders: 8 });
  });

  it.each(tables)("%s: a damaged row is named whatever column is damaged", async (table) => {
    const escaped: string[] = [];
    for (const column of await columnsOf(table)) {
      if (uncomparedColumns[table]?.[column.column] !== undefined) continue;
      const damages = damagesOf(column);
      let tried = 0;
      const whole = (await firstRow(table))[column.column];
      for (const value of damages) {
        // What is null already is not damaged by a null.
        if (value === "null" && whole === null) continue;
        if (!(await fill(table, { column: column.column, value }))) continue;
        tried += 1;
        if (!(await isNamed(table))) escaped.push(`${column.column} = ${value}`);
      }
      if (tried === 0) escaped.push(`${column.column}: no damage for ${column.type}`);
    }
    await fill(table);
    expect(escaped).toEqual([]);
    expect((await verifyTables(harness.test.database.service)).differences).toEqual([]);
  });

  it("excuses only columns that there are", async () => {
    for (const table of tables) {
      const names = (await columnsOf(table)).map(({ column }) => column);
      expect(names).toEqual(expect.arrayContaining(Object.keys(uncomparedColumns[table] ?? {})));
    }
  });
});
