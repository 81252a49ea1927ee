import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import {
  buildHttpServer,
  createApiKey,
  type HttpServer,
  makeAuthenticate,
  openScope,
  readSettings,
} from "@tillcast/core";
import {
  type ImportRequest,
  importFiles,
  ingestSettings,
  type RowFault,
  startIngest,
} from "@tillcast/ingest";
import { type OrderSnapshot, orderSnapshotCodec } from "@tillcast/schemas";
import { verifyTables } from "@tillcast/stream-processors";
import { afterAll, beforeAll, expect, test } from "vitest";
import { aBill } from "../support/a-bill.ts";
import { openTestInstallation, type TestInstallation } from "../support/open-installation.ts";
import { startProcessors } from "../support/pipeline.ts";
import { describeWithSharedData, sharedData } from "../support/shared-data.ts";
import { addStore, addTenant } from "../support/tenants.ts";
import { untilSettled } from "../support/until-settled.ts";

const cases = fileURLToPath(new URL("../../ingest/import/testing/cases/", import.meta.url));
const header = "order_id,opened_at,item,qty,unit_price\n";

const scope = openScope();
let installation: TestInstallation;
let http: HttpServer;
let tenantId: string;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "tillcast-cases-"));
  scope.defer(() => rmSync(folder, { recursive: true, force: true }));
  installation = await openTestInstallation(scope);
  await startProcessors(scope, installation);
  const { database, clock, log, metrics } = installation;
  http = buildHttpServer({ log, metrics });
  scope.defer(() => http.close());
  const authenticate = makeAuthenticate({ database, clock });
  const settings = readSettings(ingestSettings, {});
  const ingest = await startIngest({ ...installation, http, authenticate, settings });
  scope.defer(() => ingest.close());
  ({ tenantId } = await addTenant(installation.database.service, "Cases"));
});
afterAll(() => scope.close());

const newStore = () =>
  addStore(installation.database.service, tenantId, { timeZone: "Europe/Berlin", currency: "EUR" });

/** Imports files of the cases, or others by their whole path. */
async function imported(
  storeId: string,
  files: readonly string[],
  more: Partial<ImportRequest> = {},
) {
  const faults: RowFault[] = [];
  const notes: string[] = [];
  const result = await importFiles(installation, {
    storeId,
    profile: "generic",
    paths: files.map((file) => (file.startsWith("/") ? file : join(cases, file))),
    onBadRow: (fault) => faults.push(fault),
    onNote: (note) => notes.push(note),
    ...more,
  });
  return { result, faults, notes };
}

/** Net of refunds and voids by business date, in cents, as the rollups have it. */
async function netByDay(storeId: string): Promise<Record<string, string>> {
  const { rows } = await installation.database.service.query<{ date: string; net: string }>(
    `select business_date::text as date, sum(net - refund - void)::text as net
     from rollup_day where store_id = $1 group by business_date order by business_date`,
    [storeId],
  );
  return Object.fromEntries(rows.map(({ date, net }) => [date, net]));
}

function write(name: string, rows: string): string {
  const path = join(folder, name);
  writeFileSync(path, header + rows);
  return path;
}

test.each([
  ["blank-header-columns", { "2026-01-06": "1500" }],
  ["blank-and-total-rows", { "2026-01-08": "1500" }],
  ["blank-order-cells", { "2026-02-03": "1250" }],
  ["refund-rows", { "2026-01-21": "1500", "2026-01-22": "-250" }],
  ["void-line-column", { "2026-01-25": "1000" }],
  ["tax-long-decimals", { "2026-01-26": "1500" }],
  ["half-up-till", { "2026-01-29": "458" }],
  ["preamble-title", { "2026-01-12": "1000" }],
  ["quoted-newline", { "2026-01-13": "1500" }],
  ["channel-words", { "2026-02-04": "1250" }],
])("%s counts %o, and imported again it changes nothing", async (name, days) => {
  const storeId = await newStore();
  const { result, faults } = await imported(storeId, [`${name}.csv`]);
  expect(faults).toEqual([]);
  expect(await netByDay(storeId)).toEqual(days);
  const again = await imported(storeId, [`${name}.csv`]);
  expect(again.result).toEqual({
    accepted: 0,
    duplicates: result.accepted,
    rejected: 0,
    net: result.net,
  });
  expect(await netByDay(storeId)).toEqual(days);
});

test("overlapping-exports: 19.00 in three orders", async () => {
  const storeId = await newStore();
  const { result } = await imported(storeId, ["overlapping-exports"]);
  expect(result).toEqual({ accepted: 3, duplicates: 0, rejected: 0, net: "1900" });
  expect(await netByDay(storeId)).toEqual({ "2026-01-14": "1900" });
});

test("numbers-restart-daily: the second day is refused by name, and counts once the numbering is said", async () => {
  const storeId = await newStore();
  const monday = "numbers-restart-daily/mon.csv";
  const tuesday = "numbers-restart-daily/tue.csv";
  await imported(storeId, [monday]);
  const refused = await imported(storeId, [tuesday]);
  expect(refused.result).toMatchObject({ accepted: 0, rejected: 1 });
  expect(refused.faults).toMatchObject([
    {
      line: 2,
      column: "order_id",
      orderId: "1",
      reason: expect.stringMatching(/already used on 2026-01-16.*--numbering per-day/),
    },
  ]);
  expect(await netByDay(storeId)).toEqual({ "2026-01-16": "1500" });

  const said = await imported(storeId, [tuesday], { numbering: "per_day" });
  expect(said.result).toMatchObject({
    accepted: 1,
    rejected: 0,
    numbering: { is: "per_day", from: "set" },
  });
  const both = { "2026-01-16": "1500", "2026-01-17": "400" };
  expect(await netByDay(storeId)).toEqual(both);
  // Monday's orders keep the name under which they were known before.
  await imported(storeId, [monday, tuesday]);
  expect(await netByDay(storeId)).toEqual(both);
  expect((await imported(storeId, [monday, tuesday])).result).toEqual({
    accepted: 0,
    duplicates: 3,
    rejected: 0,
    net: "1900",
  });
});

test("numbers that start again each day are learnt from a file, written down and kept", async () => {
  const storeId = await newStore();
  const day = (date: string) =>
    [1, 2, 3].map((number) => `${number},2026-03-${date} 12:0${number},Soup,1,10.00\n`).join("");
  const { result, notes } = await imported(storeId, [write("week.csv", day("16") + day("17"))]);
  expect(result).toEqual({
    accepted: 6,
    duplicates: 0,
    rejected: 0,
    net: "6000",
    numbering: { is: "per_day", from: "learnt" },
  });
  expect(notes).toEqual([expect.stringContaining("numbers start again each day")]);
  const rules = await installation.database.service.query(
    `select f.numbering, f.numbering_from, r.decided_by, r.value->>'numbersComingBack' as evidence
     from feed f join feed_rule r using (tenant_id, source, account_id, location_id)
     where f.store_id = $1`,
    [storeId],
  );
  expect(rules.rows).toEqual([
    { numbering: "per_day", numbering_from: "learnt", decided_by: "learnt", evidence: "3" },
  ]);
  expect((await imported(storeId, [write("next.csv", day("18"))])).result).toMatchObject({
    accepted: 3,
    rejected: 0,
  });
  expect(await netByDay(storeId)).toEqual({
    "2026-03-16": "3000",
    "2026-03-17": "3000",
    "2026-03-18": "3000",
  });
});

test("same-bill-by-file-and-push: the overlap is said and nothing counts, until authority or a person settles it", async () => {
  const storeId = await newStore();
  const { key } = await createApiKey(installation.database.service, {
    tenantId,
    scopes: ["orders:write"],
  });
  await pushBill(key, storeId);
  expect(await netByDay(storeId)).toEqual({ "2026-06-12": "1000" });
  const file = "same-bill-by-file-and-push.csv";
  const refused = await imported(storeId, [file]);
  expect(refused.result).toEqual({
    accepted: 0,
    duplicates: 0,
    rejected: 0,
    net: "0",
    overlaps: [{ businessDate: "2026-06-12", feed: `push/default/${storeId}`, orders: 1 }],
  });
  expect(await netByDay(storeId)).toEqual({ "2026-06-12": "1000" });

  // The file's feed is the authority until the day before: the bill is kept and not counted.
  await installation.database.service.query(
    `insert into feed (tenant_id, source, account_id, location_id, store_id, authority_to)
     values ($1, 'file', $2, $3::text, ($3::text)::uuid, '2026-06-11')`,
    [tenantId, `generic:${storeId}`, storeId],
  );
  const withheld = await imported(storeId, [file]);
  expect(withheld.result).toMatchObject({ accepted: 1, rejected: 0, withheld: 1 });
  expect(withheld.notes).toEqual([expect.stringContaining("1 orders are kept and not counted")]);
  expect(await netByDay(storeId)).toEqual({ "2026-06-12": "1000" });

  const other = await newStore();
  await pushBill(key, other);
  const counted = await imported(other, [file], { differentSales: true });
  expect(counted.result).toMatchObject({ accepted: 1 });
  expect(await netByDay(other)).toEqual({ "2026-06-12": "2000" });
});

test("corrected-file-drops-a-bill: the correction wins, what only the earlier file has is said or taken back", async () => {
  const storeId = await newStore();
  const first = "corrected-file-drops-a-bill/first.csv";
  const corrected = "corrected-file-drops-a-bill/corrected.csv";
  await imported(storeId, [first]);
  expect(await netByDay(storeId)).toEqual({ "2026-06-11": "1250" });
  const noted = await imported(storeId, [corrected]);
  const onlyEarlier = { orders: 1, orderIds: ["K-2"], net: "250" };
  expect(noted.result).toEqual({
    accepted: 1,
    duplicates: 0,
    rejected: 0,
    net: "900",
    onlyEarlier,
  });
  expect(noted.notes).toEqual([expect.stringMatching(/only in earlier files.*K-2.*--replaces/)]);
  expect(await netByDay(storeId)).toEqual({ "2026-06-11": "1150" });

  const replaced = await imported(storeId, [corrected], { replaces: true });
  expect(replaced.result).toEqual({
    accepted: 0,
    duplicates: 1,
    rejected: 0,
    net: "900",
    takenBack: onlyEarlier,
  });
  expect(await netByDay(storeId)).toEqual({ "2026-06-11": "900" });
  const again = await imported(storeId, [corrected], { replaces: true });
  expect(again.result).toEqual({ accepted: 0, duplicates: 1, rejected: 0, net: "900" });
  await imported(storeId, [first]);
  expect(await netByDay(storeId)).toEqual({ "2026-06-11": "1250" });
});

test("--replaces takes back nothing of other days, of other feeds, or that is in the files with a bad row", async () => {
  const storeId = await newStore();
  const rows = `1,2026-07-01 12:00,Soup,1,10.00
2,2026-07-02 12:00,Soup,1,10.00
3,2026-07-03 12:00,Soup,1,10.00
4,2026-07-02 13:00,Soup,1,10.00
`;
  await imported(storeId, [write("july.csv", rows)]);
  const second = write(
    "second.csv",
    "5,2026-07-02 12:30,Tea,1,2.00\n4,2026-07-02 13:00,Soup,x,1\n",
  );
  const { result } = await imported(storeId, [second], { replaces: true });
  expect(result).toMatchObject({ accepted: 1, rejected: 1, takenBack: { orderIds: ["2"] } });
  expect(await netByDay(storeId)).toEqual({
    "2026-07-01": "1000",
    "2026-07-02": "1200",
    "2026-07-03": "1000",
  });
});

test("--replaces takes nothing back while a row stands without a number: it may be the missing order's", async () => {
  const storeId = await newStore();
  await imported(storeId, ["corrected-file-drops-a-bill/first.csv"]);
  const file = write(
    "nameless.csv",
    "K-1,2026-06-11 12:00,Soup,1,9.00\n,2026-06-11 12:01,Tea,1,2.50\n",
  );
  const { result, notes } = await imported(storeId, [file], { replaces: true });
  expect(result).toMatchObject({ accepted: 1, rejected: 1, onlyEarlier: { orderIds: ["K-2"] } });
  expect(notes).toEqual([expect.stringContaining("nothing is taken back")]);
  expect(await netByDay(storeId)).toEqual({ "2026-06-11": "1150" });
});

test("numbers per register are told apart by it, and a bill without one is refused by name", async () => {
  const storeId = await newStore();
  const file = join(folder, "registers.csv");
  const rows =
    "1,A,2026-08-01 12:00,Soup,10.00\n1,B,2026-08-01 12:01,Tea,2.00\n2,,2026-08-01 12:02,Tea,2.00\n";
  writeFileSync(file, `order_id,register_id,opened_at,item,gross\n${rows}`);
  const { result, faults } = await imported(storeId, [file], { numbering: "per_register" });
  expect(result).toMatchObject({ accepted: 2, rejected: 1, net: "1200" });
  expect(faults).toMatchObject([{ line: 4, column: "register_id" }]);
  expect(await netByDay(storeId)).toEqual({ "2026-08-01": "1200" });
});

test("what a bill's own total has beyond its lines is kept as unreconciled", async () => {
  const storeId = await newStore();
  const file = join(folder, "totals.csv");
  const rows =
    "1,2026-08-02 12:00,Soup,10.00,1.90,11.95\n2,2026-08-02 12:01,Soup,10.00,1.90,11.90\n";
  writeFileSync(file, `order_id,opened_at,item,gross,tax,order_total\n${rows}`);
  expect((await imported(storeId, [file])).result).toMatchObject({ accepted: 2, net: "2000" });
  expect((await imported(storeId, [file])).result).toMatchObject({ accepted: 0, duplicates: 2 });
  const orders = await storedOrders(storeId);
  expect(orders.map(({ orderId, unreconciled }) => [orderId, unreconciled])).toEqual([
    ["1", 5n],
    ["2", null],
  ]);
});

describeWithSharedData("whole exports of real tills", () => {
  const said = { timeOfDayMs: 12 * 3_600_000 };
  test.each([
    ["maven", {}, { accepted: 5_233, duplicates: 0, rejected: 137, net: "15500010" }],
    ["balaji", said, { accepted: 1_000, duplicates: 0, rejected: 0, net: "27523000" }],
    ["supermarket", {}, { accepted: 1_000, duplicates: 0, rejected: 0, net: "30758738" }],
  ])("%s is as computed from the file alone", async (name, said, right) => {
    const storeId = await newStore();
    const file = join(folder, `${name}.csv`);
    writeFileSync(file, gunzipSync(readFileSync(join(sharedData, "exports", `${name}.csv.gz`))));
    const { result } = await imported(storeId, [file], { said });
    expect(result).toEqual(right);
    const days = Object.values(await netByDay(storeId));
    expect(String(days.reduce((sum, net) => sum + BigInt(net), 0n))).toBe(right.net);
  });
});

test("in the end verify says equal", async () => {
  expect((await verifyTables(installation.database.service)).differences).toEqual([]);
});

/** Pushes the bill that the file of same-bill-by-file-and-push has too. */
async function pushBill(key: string, storeId: string): Promise<void> {
  const bill = aBill(storeId, {
    orderId: "DBL-1",
    paidAt: "2026-06-12T12:00:00Z",
    lines: [{ key: "1", name: "Soup", gross: "1000" }],
    payments: [{ key: "1", method: "card", amount: "1000" }],
  });
  const answer = await http.inject({
    method: "POST",
    url: "/v1/orders",
    headers: { authorization: `Bearer ${key}` },
    payload: bill,
  });
  expect(answer.json()).toMatchObject({ accepted: 1 });
  await untilSettled(installation.eventLog);
}

/** The orders of a store as the ledger keeps them, by number. */
async function storedOrders(storeId: string): Promise<OrderSnapshot[]> {
  const { rows } = await installation.database.service.query<{ snapshot: Buffer }>(
    "select snapshot from order_head where store_id = $1 order by order_id",
    [storeId],
  );
  return rows.map(({ snapshot }) => orderSnapshotCodec.decode(snapshot));
}
