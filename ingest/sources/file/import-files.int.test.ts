import { existsSync } from "node:fs";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { systemClock } from "@tillcast/core";
import { topics } from "@tillcast/schemas";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addStore, type IngestHarness, startIngestHarness } from "../../testing/ingest-harness.ts";
import { startTestLedger, type TestLedger } from "../../testing/test-ledger.ts";
import { importFiles } from "./import-files.ts";
import type { RowFault } from "./import-profile.ts";

const shared = fileURLToPath(new URL("../../../../shared/data/", import.meta.url));
const hasShared = existsSync(shared);
if (!hasShared) console.log("SKIPPED (no ../shared)");

let app: IngestHarness;
let ledger: TestLedger;
let folder: string;
beforeAll(async () => {
  app = await startIngestHarness();
  ledger = await startTestLedger(app.database, app.eventLog, topics.ordersBackfill.topic);
  folder = await mkdtemp(join(tmpdir(), "tillcast-import-"));
});
afterAll(async () => {
  await ledger.close();
  await app.close();
  await rm(folder, { recursive: true, force: true });
});

async function newStore(zone: string, currency: string): Promise<string> {
  const storeId = crypto.randomUUID();
  await addStore(app.database, app.tenant.tenantId, storeId, zone, currency);
  return storeId;
}

async function importInto(storeId: string, profile: string, path: string) {
  const bad: RowFault[] = [];
  const deps = { database: app.database, eventLog: app.eventLog, clock: systemClock };
  const request = {
    storeId,
    profile,
    paths: [path],
    onBadRow: (fault: RowFault) => bad.push(fault),
  };
  return { result: await importFiles(deps, request), bad };
}

/** The plainest reading of a simple CSV file: rows by column name. */
async function plainRows(path: string): Promise<Record<string, string>[]> {
  const [header = "", ...lines] = (await readFile(path, "utf8"))
    .replace("\uFEFF", "")
    .trim()
    .split(/\r?\n/);
  const names = header.split(",");
  return lines.map((line) => {
    const cells = line.split(",");
    return Object.fromEntries(names.map((name, at) => [name, cells[at] ?? ""]));
  });
}
const cents = (text: string | undefined) => Math.round(Number(text) * 100);

/** Net by local calendar date, summed from the settled snapshots. */
function settledByDay(storeId: string): Record<string, number> {
  const days: Record<string, number> = {};
  for (const order of ledger.settled) {
    if (order.storeId !== storeId) continue;
    const local = new Date(order.openedAt).toLocaleDateString("sv-SE", {
      timeZone: order.timeZone,
    });
    days[local] = (days[local] ?? 0) + Number(order.totals.net);
  }
  return days;
}

test("a generic file is counted when the import returns, and a second import changes nothing", async () => {
  const file = join(folder, "sales.csv");
  await writeFile(
    file,
    `order_id,opened_at,item,unit_price,channel,kind
1,2026-11-20 19:30,Soup,4.50,dine_in,sale
1,2026-11-20 19:30,Tea,2.00,dine_in,sale
2,2026-11-21 02:30,Tea,2.00,takeout,barter
3,2026-11-21 02:30,Tea,2.00,takeout,sale
4,2026-11-21 12:30,Tea,2.00,takeout,return
`,
  );
  const first = await importInto(app.tenant.storeId, "generic", file);
  expect(first.result).toEqual({ accepted: 3, duplicates: 0, rejected: 1, net: "650" });
  expect(first.bad).toMatchObject([{ line: 4, column: "kind", orderId: "2" }]);
  const mine = ledger.settled.filter(({ storeId }) => storeId === app.tenant.storeId);
  expect(mine.map((order) => [order.orderId, order.businessDate]).toSorted()).toEqual([
    ["1", "2026-11-20"],
    ["3", "2026-11-20"],
    ["4", "2026-11-21"],
  ]);
  const second = await importInto(app.tenant.storeId, "generic", file);
  expect(second.result).toEqual({ accepted: 0, duplicates: 3, rejected: 1, net: "650" });

  const other = await newStore("Europe/Berlin", "EUR");
  const elsewhere = await importInto(other, "generic", file);
  expect(elsewhere.result).toMatchObject({ accepted: 3, duplicates: 0 });
});

test("an unknown store, an unknown profile and a missing file are refused by name", async () => {
  await expect(importInto(crypto.randomUUID(), "generic", folder)).rejects.toMatchObject({
    code: "notFound",
  });
  await expect(importInto(app.tenant.storeId, "toast", folder)).rejects.toThrow("no profile toast");
  await expect(importInto(app.tenant.storeId, "generic", join(folder, "none.csv"))).rejects.toThrow(
    "none.csv",
  );
});

describe.skipIf(!hasShared)("real files of ../shared", () => {
  test("the pizza year is equal to an independent sum, by day and in all, also the second time", async () => {
    const data = join(shared, "pizza");
    const prices = new Map(
      (await plainRows(join(data, "pizza_pizzas.csv"))).map((row) => [
        row.pizza_id,
        cents(row.price),
      ]),
    );
    const dates = new Map(
      (await plainRows(join(data, "pizza_orders.csv"))).map((row) => [
        row.order_id,
        row.date ?? "",
      ]),
    );
    const expected: Record<string, number> = {};
    for (const row of await plainRows(join(data, "pizza_order_details.csv"))) {
      const date = dates.get(row.order_id) ?? "";
      const gross = (prices.get(row.pizza_id) ?? Number.NaN) * Number(row.quantity);
      expected[date] = (expected[date] ?? 0) + gross;
    }
    const storeId = await newStore("America/New_York", "USD");
    const { result, bad } = await importInto(storeId, "pizza", data);
    expect(bad).toEqual([]);
    expect(result).toEqual({ accepted: 21_350, duplicates: 0, rejected: 0, net: "81786005" });
    expect(settledByDay(storeId)).toEqual(expected);
    expect((await importInto(storeId, "pizza", data)).result).toEqual({
      accepted: 0,
      duplicates: 21_350,
      rejected: 0,
      net: "81786005",
    });
  });

  test("the London takeaway is equal to an independent sum, by day and in all", async () => {
    const data = join(shared, "london-takeaway");
    const prices = new Map(
      (await plainRows(join(data, "restaurant-1-products-price.csv"))).map((row) => [
        row["Item Name"],
        cents(row["Product Price"]),
      ]),
    );
    const expected: Record<string, number> = {};
    for (const row of await plainRows(join(data, "restaurant-1-orders.csv"))) {
      const [day = "", month = "", year = ""] = (row["Order Date"] ?? "").split(/[/ ]/);
      const date = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
      const gross = (prices.get(row["Item Name"]) ?? Number.NaN) * Number(row.Quantity);
      expected[date] = (expected[date] ?? 0) + gross;
    }
    const storeId = await newStore("Europe/London", "GBP");
    const { result, bad } = await importInto(storeId, "london-takeaway", data);
    expect(bad).toEqual([]);
    expect(result).toEqual({ accepted: 13_397, duplicates: 0, rejected: 0, net: "44505845" });
    expect(settledByDay(storeId)).toEqual(expected);
  });

  test("a corrupted copy of the pizza year reports each bad row and loses no good order", async () => {
    const damaged = await mkdtemp(join(folder, "damaged-"));
    for (const name of ["pizza_orders.csv", "pizza_order_details.csv", "pizza_pizzas.csv"]) {
      await copyFile(join(shared, "pizza", name), join(damaged, name));
    }
    const path = join(damaged, "pizza_order_details.csv");
    const lines = (await readFile(path, "utf8")).split("\n");
    lines[1] = "1,1,hawaiian_m,many";
    lines[100] = `"${lines[100]}`;
    lines[200] = (lines[200] ?? "").split(",").slice(0, 3).join(",");
    lines[300] = (lines[300] ?? "").replace(/,[a-z_]+,/, ",no_such_pizza,");
    lines.splice(400, 0, "\u0000garbage");
    await writeFile(path, lines.join("\n"));
    const storeId = await newStore("America/New_York", "USD");
    const { result, bad } = await importInto(storeId, "pizza", damaged);
    expect(bad.map(({ line }) => line)).toEqual(expect.arrayContaining([2, 101, 201, 301, 401]));
    expect(bad).toHaveLength(5);
    const spoiled = new Set(bad.flatMap(({ orderId }) => orderId ?? []));
    expect(result).toMatchObject({ accepted: 21_350 - spoiled.size, rejected: 5 });
  });
});
