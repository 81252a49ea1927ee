import { createApiKey, makeAuthenticate, makeHttpAccess } from "@tillcast/accounts";
import { openScope, readSettings } from "@tillcast/core";
import { buildHttpServer, type HttpServer } from "@tillcast/core/http";
import { ingestSettings, startIngest } from "@tillcast/ingest";
import { verifyTables } from "@tillcast/proofs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { aBill } from "../support/a-bill.ts";
import { type ImportDesk, openImportDesk } from "../support/import-desk.ts";
import { untilSettled } from "../support/until-settled.ts";

const scope = openScope();
let desk: ImportDesk;
let http: HttpServer;

beforeAll(async () => {
  desk = await openImportDesk(scope);
  const { database, clock, log, metrics } = desk.installation;
  const access = makeHttpAccess(makeAuthenticate({ database, clock }));
  http = buildHttpServer({ log, metrics, access });
  scope.defer(() => http.close());
  const settings = readSettings(ingestSettings, {});
  const ingest = await startIngest({ ...desk.installation, http, settings });
  scope.defer(() => ingest.close());
});
afterAll(() => scope.close());

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
])("%s counts %o, and desk.imported again it changes nothing", async (name, days) => {
  const storeId = await desk.newStore();
  const { result, faults } = await desk.imported(storeId, [`${name}.csv`]);
  expect(faults).toEqual([]);
  expect(await desk.netByDay(storeId)).toEqual(days);
  const again = await desk.imported(storeId, [`${name}.csv`]);
  expect(again.result).toEqual({
    accepted: 0,
    duplicates: result.accepted,
    rejected: 0,
    net: result.net,
  });
  expect(await desk.netByDay(storeId)).toEqual(days);
});

test("overlapping-exports: 19.00 in three orders", async () => {
  const storeId = await desk.newStore();
  const { result } = await desk.imported(storeId, ["overlapping-exports"]);
  expect(result).toEqual({ accepted: 3, duplicates: 0, rejected: 0, net: "1900" });
  expect(await desk.netByDay(storeId)).toEqual({ "2026-01-14": "1900" });
});

test("numbers-restart-daily: the second day is refused by name, and counts once the numbering is said", async () => {
  const storeId = await desk.newStore();
  const monday = "numbers-restart-daily/mon.csv";
  const tuesday = "numbers-restart-daily/tue.csv";
  await desk.imported(storeId, [monday]);
  const refused = await desk.imported(storeId, [tuesday]);
  expect(refused.result).toMatchObject({ accepted: 0, rejected: 1 });
  expect(refused.faults).toMatchObject([
    {
      line: 2,
      column: "order_id",
      orderId: "1",
      reason: expect.stringMatching(/already used on 2026-01-16.*--numbering per-day/),
    },
  ]);
  expect(await desk.netByDay(storeId)).toEqual({ "2026-01-16": "1500" });

  const said = await desk.imported(storeId, [tuesday], { numbering: "per_day" });
  expect(said.result).toMatchObject({
    accepted: 1,
    rejected: 0,
    numbering: { is: "per_day", from: "set" },
  });
  const both = { "2026-01-16": "1500", "2026-01-17": "400" };
  expect(await desk.netByDay(storeId)).toEqual(both);
  // Monday's orders keep the name under which they were known before.
  await desk.imported(storeId, [monday, tuesday]);
  expect(await desk.netByDay(storeId)).toEqual(both);
  expect((await desk.imported(storeId, [monday, tuesday])).result).toEqual({
    accepted: 0,
    duplicates: 3,
    rejected: 0,
    net: "1900",
  });
});

test("numbers that start again each day are learnt from a file, written down and kept", async () => {
  const storeId = await desk.newStore();
  const day = (date: string) =>
    [1, 2, 3].map((number) => `${number},2026-03-${date} 12:0${number},Soup,1,10.00\n`).join("");
  const { result, notes } = await desk.imported(storeId, [
    desk.write("week.csv", day("16") + day("17")),
  ]);
  expect(result).toEqual({
    accepted: 6,
    duplicates: 0,
    rejected: 0,
    net: "6000",
    numbering: { is: "per_day", from: "learnt" },
  });
  expect(notes).toEqual([expect.stringContaining("numbers start again each day")]);
  const rules = await desk.installation.database.service.query(
    `select f.numbering, f.numbering_from, r.decided_by, r.value->>'numbersComingBack' as evidence
     from feed f join feed_rule r using (tenant_id, source, account_id, location_id)
     where f.store_id = $1`,
    [storeId],
  );
  expect(rules.rows).toEqual([
    { numbering: "per_day", numbering_from: "learnt", decided_by: "learnt", evidence: "3" },
  ]);
  expect((await desk.imported(storeId, [desk.write("next.csv", day("18"))])).result).toMatchObject({
    accepted: 3,
    rejected: 0,
  });
  expect(await desk.netByDay(storeId)).toEqual({
    "2026-03-16": "3000",
    "2026-03-17": "3000",
    "2026-03-18": "3000",
  });
});

test("same-bill-by-file-and-push: the overlap is said and nothing counts, until authority or a person settles it", async () => {
  const storeId = await desk.newStore();
  const { key } = await createApiKey(desk.installation.database.service, {
    tenantId: desk.tenantId,
    scopes: ["orders:write"],
  });
  await pushBill(key, storeId);
  expect(await desk.netByDay(storeId)).toEqual({ "2026-06-12": "1000" });
  const file = "same-bill-by-file-and-push.csv";
  const refused = await desk.imported(storeId, [file]);
  expect(refused.result).toEqual({
    accepted: 0,
    duplicates: 0,
    rejected: 0,
    net: "0",
    overlaps: [{ businessDate: "2026-06-12", feed: `push/default/${storeId}`, orders: 1 }],
  });
  expect(await desk.netByDay(storeId)).toEqual({ "2026-06-12": "1000" });

  // The file's feed is the authority until the day before: the bill is kept and not counted.
  await desk.installation.database.service.query(
    `insert into feed (tenant_id, source, account_id, location_id, store_id, authority_to)
     values ($1, 'file', $2, $3::text, ($3::text)::uuid, '2026-06-11')`,
    [desk.tenantId, `generic:${storeId}`, storeId],
  );
  const withheld = await desk.imported(storeId, [file]);
  expect(withheld.result).toMatchObject({ accepted: 1, rejected: 0, withheld: 1 });
  expect(withheld.notes).toEqual([expect.stringContaining("1 orders are kept and not counted")]);
  expect(await desk.netByDay(storeId)).toEqual({ "2026-06-12": "1000" });

  const other = await desk.newStore();
  await pushBill(key, other);
  const counted = await desk.imported(other, [file], { differentSales: true });
  expect(counted.result).toMatchObject({ accepted: 1 });
  expect(await desk.netByDay(other)).toEqual({ "2026-06-12": "2000" });
});

test("in the end verify says equal", async () => {
  expect((await verifyTables(desk.installation.database.service)).differences).toEqual([]);
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
  await untilSettled(desk.installation.eventLog);
}
