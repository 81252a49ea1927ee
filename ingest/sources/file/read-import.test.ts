import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { findProfile, listProfiles } from "./find-profile.ts";
import { periodsOf } from "./survey-orders.ts";
import { cases, netsOf, read } from "./testing/read-files.ts";

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

test("the dates that files cover have no long gaps, so that a wrong year covers its day alone", () => {
  expect(periodsOf([])).toEqual([]);
  expect(periodsOf(["2002-06-11", "2026-06-11", "2026-06-19", "2026-06-28"])).toEqual([
    { from: "2002-06-11", to: "2002-06-11" },
    { from: "2026-06-11", to: "2026-06-19" },
    { from: "2026-06-28", to: "2026-06-28" },
  ]);
});

describe("the same row, and the same number", () => {
  const header = "order_id,opened_at,item,qty,unit_price\n";

  test("overlapping-exports: a row of two files counts once, two equal rows of one file count twice", async () => {
    const file = (name: string) => readFile(new URL(`overlapping-exports/${name}`, cases));
    const { orders, shown } = await read("generic", {
      "jan-a.csv": await file("jan-a.csv"),
      "jan-b.csv": await file("jan-b.csv"),
    });
    expect([netsOf(orders), shown]).toEqual([{ "O1-1": 1000, "O1-2": 500, "O1-3": 400 }, []]);
    const coffees = await read("generic", {
      "a.csv": `${header}1,2026-01-14 12:00,Coffee,1,2.00\n1,2026-01-14 12:00,Coffee,1,2.00\n`,
      "b.csv": `${header}1,2026-01-14 12:00,Coffee,1,2.00\n1,2026-01-14 12:00,Cake,1,4.00\n`,
    });
    expect(netsOf(coffees.orders)).toEqual({ 1: 800 });
  });

  test("a line that another file has with other content is named, and its order rejected", async () => {
    const { orders, faults } = await read("generic", {
      "a.csv": `${header}1,2026-01-14 12:00,Soup,1,10.00\n`,
      "b.csv": `${header}1,2026-01-14 12:00,Soup,1,9.00\n`,
    });
    expect(orders).toEqual([]);
    expect(faults).toMatchObject([
      { file: "b.csv", line: 2, reason: "stands in a.csv:2 with other content" },
    ]);
  });

  test("numbers-restart-daily: too few numbers that come back are refused with the option", async () => {
    const file = (name: string) => readFile(new URL(`numbers-restart-daily/${name}`, cases));
    const { orders, faults } = await read("generic", {
      "mon.csv": await file("mon.csv"),
      "tue.csv": await file("tue.csv"),
    });
    expect(netsOf(orders)).toEqual({ 2: 500 });
    expect(faults).toMatchObject([
      { column: "opened_at", orderId: "1", reason: expect.stringContaining("--numbering per-day") },
    ]);
  });

  test("numbers that come back once a day, and many of them, are known to start again each day", async () => {
    const day = (date: string) =>
      [1, 2, 3].map((number) => `${number},2026-01-${date} 12:0${number},Soup,1,10.00\n`).join("");
    const { orders, shown } = await read("generic", { "a.csv": header + day("16") + day("17") });
    expect([orders.length, shown]).toEqual([6, []]);
    // One number at two times of one day proves that they do not start again each day alone.
    const twice = `${header}${day("16")}${day("17")}1,2026-01-17 15:00,Tea,1,2.00\n`;
    expect((await read("generic", { "a.csv": twice })).shown).toHaveLength(4);
  });
});
