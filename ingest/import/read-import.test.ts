import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildOrder } from "./build-order.ts";
import { filesOf } from "./choose-files.ts";
import { findProfile, listProfiles } from "./find-profile.ts";
import { gatherOrders } from "./gather-orders.ts";
import type { RowFault } from "./import-profile.ts";

const berlin = { timeZone: "Europe/Berlin", currency: "EUR", exponent: 2 };
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tillcast-import-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Reads files as a profile does: good orders by id, and faults as `file:line column`. */
async function read(profile: string, files: Record<string, string>) {
  const directory = await mkdtemp(join(folder, "case-"));
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  const opened = await (await findProfile(profile)).open(await filesOf([directory]), berlin);
  const orders = new Map<string, ReturnType<typeof buildOrder>>();
  const faults: RowFault[] = [];
  for await (const gathered of gatherOrders(opened, () => undefined)) {
    if ("kind" in gathered) faults.push(gathered);
    else {
      const built = buildOrder(gathered, { accountId: "a", storeId: "s" });
      if ("push" in built) orders.set(gathered.orderId, built);
      else faults.push(...built.faults);
    }
  }
  const shown = faults.map(({ file, line, column }) => `${file}:${line} ${column}`);
  const pushOf = (orderId: string) => {
    const built = orders.get(orderId);
    return built !== undefined && "push" in built ? built.push : undefined;
  };
  return { ids: [...orders.keys()], pushOf, shown, faults };
}

const pizzas = "pizza_id,pizza_type_id,size,price\nham_m,ham,M,13.25\nfun_l,fun,L,20.5\n";

test("there are three profiles, and an unknown one is answered with their names", async () => {
  expect((await listProfiles()).map(({ name }) => name)).toEqual([
    "generic",
    "london-takeaway",
    "pizza",
  ]);
  await expect(findProfile("toast")).rejects.toThrow("generic, london-takeaway, pizza");
});

test("pizza: an order with any bad row is rejected whole, and every bad row is named", async () => {
  const { ids, shown, pushOf } = await read("pizza", {
    "orders.csv": `order_id,date,time
1,2015-01-01,11:38:36
2,2015-01-01,11:57:40
3,2015-02-30,12:00:00
4,2015-01-01,12:12:28
5,2015-01-01,12:16:31
5,2015-01-01,12:16:31
6,2015-01-01,12:20:00
`,
    "details.csv": `order_details_id,order_id,pizza_id,quantity
1,1,ham_m,1
2,2,ham_m,x
3,2,nothing,1
4,3,ham_m,1
5,1,fun_l,2
6,9,ham_m,1
7,4,ham_m
8,5,ham_m,1
,,,
"9,1
`,
    "pizzas.csv": pizzas,
  });
  expect(ids).toEqual(["1"]);
  expect(pushOf("1")).toMatchObject({
    openedAt: "2015-01-01T10:38:36.000Z",
    currency: "EUR",
    lines: [
      { key: "1", itemId: "ham_m", name: "ham M", qty: "1", gross: "1325" },
      { key: "5", gross: "4100", qty: "2" },
    ],
  });
  expect(shown.toSorted()).toEqual(
    [
      "details.csv:3 quantity",
      "details.csv:4 pizza_id",
      "orders.csv:4 date",
      "details.csv:7 order_id",
      "details.csv:8 (row)",
      "orders.csv:7 order_id",
      "details.csv:10 order_id",
      "details.csv:11 (row)",
      "orders.csv:8 order_id",
    ].toSorted(),
  );
});

test("london-takeaway: rows of one order may stand anywhere, names may hold commas and quotes", async () => {
  const { ids, shown, pushOf } = await read("london-takeaway", {
    "orders.csv": `Order Number,Order Date,Item Name,Quantity
7,3/8/2019 20:25,Plain Papadum,2
8,3/8/2019 20:17,Naan,1
7,3/8/2019 20:25,"Curry, ""hot""",1
9,3/8/2019 20:17,Naan,1
9,3/8/2019 20:18,Naan,1
10,8/13/2019 20:17,Naan,1
`,
    "prices.csv": `\uFEFFItem Name,Product Price
Plain Papadum,0.8
Naan,2.95
"Curry, ""hot""",9
`,
  });
  expect(ids).toEqual(["8", "7"]);
  expect(pushOf("7")?.lines).toMatchObject([
    { key: "1", gross: "160", qty: "2" },
    { key: "2", name: 'Curry, "hot"', gross: "900" },
  ]);
  expect(shown).toEqual(["orders.csv:6 opened_at", "orders.csv:7 order date"]);
});

test("generic: columns may be left out, and semicolons separate as well", async () => {
  const { pushOf, shown } = await read("generic", {
    "sales.csv": `order_id;date;time;item;qty;unit_price;discount;tax;channel;payment_method;tip;version
A-1;2026-11-20;19:30;Soup;2;4.50;1.00;0.56;dine_in;card;2.00;3
A-1;2026-11-20;19:30;Tea;;2.00;;;dine_in;card;2.00;3
A-2;2026-11-20;19:31;Tea;1;;;;dine_in;;;
A-3;2026-11-20;19:31;Tea;1;2;0;0;dine_in;cash;0;
A-3;2026-11-20;19:31;Tea;1;2;0;0;takeout;cash;0;
A-4;;;Tea;1;2;0;0;;;;
;2026-11-20;19:31;Tea;1;2;0;0;;;;
`,
  });
  expect(pushOf("A-1")).toEqual({
    source: "file",
    accountId: "a",
    storeId: "s",
    orderId: "A-1",
    version: { vendorVersion: "3" },
    status: "closed",
    openedAt: "2026-11-20T18:30:00.000Z",
    currency: "EUR",
    channel: "dine_in",
    lines: [
      {
        key: "1",
        name: "Soup",
        qty: "2",
        gross: "900",
        discount: "100",
        tax: "56",
        itemId: null,
        category: null,
      },
      {
        key: "2",
        name: "Tea",
        qty: "1",
        gross: "200",
        discount: "0",
        tax: "0",
        itemId: null,
        category: null,
      },
    ],
    payments: [{ key: "1", method: "card", amount: "1056", tip: "200" }],
  });
  expect(shown).toEqual([
    "sales.csv:4 unit_price",
    "sales.csv:6 channel",
    "sales.csv:7 opened_at",
    "sales.csv:8 order_id",
  ]);
});

test("a folder without the files of a profile says which columns it looked for", async () => {
  await expect(read("pizza", { "pizzas.csv": pizzas })).rejects.toThrow(
    "there is no file of details, with the columns order_details_id",
  );
});
