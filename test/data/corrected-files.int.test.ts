import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { openScope } from "@tillcast/core";
import { verifyTables } from "@tillcast/proofs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ImportDesk, openImportDesk } from "../support/import-desk.ts";
import { describeWithSharedData, sharedData } from "../support/shared-data.ts";

const scope = openScope();
let desk: ImportDesk;

beforeAll(async () => {
  desk = await openImportDesk(scope);
});
afterAll(() => scope.close());

test("corrected-file-drops-a-bill: the correction wins, what only the earlier file has is said or taken back", async () => {
  const storeId = await desk.newStore();
  const first = "corrected-file-drops-a-bill/first.csv";
  const corrected = "corrected-file-drops-a-bill/corrected.csv";
  await desk.imported(storeId, [first]);
  expect(await desk.netByDay(storeId)).toEqual({ "2026-06-11": "1250" });
  const noted = await desk.imported(storeId, [corrected]);
  const onlyEarlier = { orders: 1, orderIds: ["K-2"], net: "250" };
  expect(noted.result).toEqual({
    accepted: 1,
    duplicates: 0,
    rejected: 0,
    net: "900",
    onlyEarlier,
  });
  expect(noted.notes).toEqual([expect.stringMatching(/only in earlier files.*K-2.*--replaces/)]);
  expect(await desk.netByDay(storeId)).toEqual({ "2026-06-11": "1150" });

  const replaced = await desk.imported(storeId, [corrected], { replaces: true });
  expect(replaced.result).toEqual({
    accepted: 0,
    duplicates: 1,
    rejected: 0,
    net: "900",
    takenBack: onlyEarlier,
  });
  expect(await desk.netByDay(storeId)).toEqual({ "2026-06-11": "900" });
  const again = await desk.imported(storeId, [corrected], { replaces: true });
  expect(again.result).toEqual({ accepted: 0, duplicates: 1, rejected: 0, net: "900" });
  await desk.imported(storeId, [first]);
  expect(await desk.netByDay(storeId)).toEqual({ "2026-06-11": "1250" });
});

test("--replaces takes back nothing of other days, of other feeds, or that is in the files with a bad row", async () => {
  const storeId = await desk.newStore();
  const rows = `1,2026-07-01 12:00,Soup,1,10.00
2,2026-07-02 12:00,Soup,1,10.00
3,2026-07-03 12:00,Soup,1,10.00
4,2026-07-02 13:00,Soup,1,10.00
`;
  await desk.imported(storeId, [desk.write("july.csv", rows)]);
  const second = desk.write(
    "second.csv",
    "5,2026-07-02 12:30,Tea,1,2.00\n4,2026-07-02 13:00,Soup,x,1\n",
  );
  const { result } = await desk.imported(storeId, [second], { replaces: true });
  expect(result).toMatchObject({ accepted: 1, rejected: 1, takenBack: { orderIds: ["2"] } });
  expect(await desk.netByDay(storeId)).toEqual({
    "2026-07-01": "1000",
    "2026-07-02": "1200",
    "2026-07-03": "1000",
  });
});

test("--replaces takes nothing back while a row stands without a number: it may be the missing order's", async () => {
  const storeId = await desk.newStore();
  await desk.imported(storeId, ["corrected-file-drops-a-bill/first.csv"]);
  const file = desk.write(
    "nameless.csv",
    "K-1,2026-06-11 12:00,Soup,1,9.00\n,2026-06-11 12:01,Tea,1,2.50\n",
  );
  const { result, notes } = await desk.imported(storeId, [file], { replaces: true });
  expect(result).toMatchObject({ accepted: 1, rejected: 1, onlyEarlier: { orderIds: ["K-2"] } });
  expect(notes).toEqual([expect.stringContaining("nothing is taken back")]);
  expect(await desk.netByDay(storeId)).toEqual({ "2026-06-11": "1150" });
});

test("numbers per register are told apart by it, and a bill without one is refused by name", async () => {
  const storeId = await desk.newStore();
  const file = join(desk.folder, "registers.csv");
  const rows =
    "1,A,2026-08-01 12:00,Soup,10.00\n1,B,2026-08-01 12:01,Tea,2.00\n2,,2026-08-01 12:02,Tea,2.00\n";
  writeFileSync(file, `order_id,register_id,opened_at,item,gross\n${rows}`);
  const { result, faults } = await desk.imported(storeId, [file], { numbering: "per_register" });
  expect(result).toMatchObject({ accepted: 2, rejected: 1, net: "1200" });
  expect(faults).toMatchObject([{ line: 4, column: "register_id" }]);
  expect(await desk.netByDay(storeId)).toEqual({ "2026-08-01": "1200" });
});

test("what a bill's own total has beyond its lines is kept as unreconciled", async () => {
  const storeId = await desk.newStore();
  const file = join(desk.folder, "totals.csv");
  const rows =
    "1,2026-08-02 12:00,Soup,10.00,1.90,11.95\n2,2026-08-02 12:01,Soup,10.00,1.90,11.90\n";
  writeFileSync(file, `order_id,opened_at,item,gross,tax,order_total\n${rows}`);
  expect((await desk.imported(storeId, [file])).result).toMatchObject({ accepted: 2, net: "2000" });
  expect((await desk.imported(storeId, [file])).result).toMatchObject({
    accepted: 0,
    duplicates: 2,
  });
  const orders = await desk.storedOrders(storeId);
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
    const storeId = await desk.newStore();
    const file = join(desk.folder, `${name}.csv`);
    writeFileSync(file, gunzipSync(readFileSync(join(sharedData, "exports", `${name}.csv.gz`))));
    const { result } = await desk.imported(storeId, [file], { said });
    expect(result).toEqual(right);
    const days = Object.values(await desk.netByDay(storeId));
    expect(String(days.reduce((sum, net) => sum + BigInt(net), 0n))).toBe(right.net);
  });
});

test("in the end verify says equal", async () => {
  expect((await verifyTables(desk.installation.database.service)).differences).toEqual([]);
});
