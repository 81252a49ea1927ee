import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BuiltOrder, buildOrders } from "./build-orders.ts";
import { filesOf } from "./choose-files.ts";
import { findProfile, listProfiles } from "./find-profile.ts";
import { gatherOrders } from "./gather-orders.ts";
import type { RowFault, SaidOfFiles } from "./import-profile.ts";
import { learntNumbering, numberDayOf, periodsOf, surveyOrders } from "./survey-orders.ts";

const cases = new URL("./testing/cases/", import.meta.url);
const berlin = { timeZone: "Europe/Berlin", currency: "EUR", exponent: 2 };
const store = {
  ...berlin,
  closeouts: [{ effectiveFrom: "2000-01-01", closeoutMinute: 240 }],
  countedWhen: "paid",
} as const;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tillcast-import-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Reads files as a profile does: good orders by id, faults as `file:line column`, and notes. */
async function read(
  profile: string,
  files: Record<string, string | Buffer>,
  said: SaidOfFiles = {},
) {
  const directory = await mkdtemp(join(folder, "case-"));
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  const context = { ...berlin, said };
  const opened = await (await findProfile(profile)).open(await filesOf([directory]), context);
  const survey = await surveyOrders(opened, store);
  const rules = {
    accountId: "a",
    storeId: "s",
    numbering: learntNumbering(survey) ?? "unknown",
    dayOf: (row: Parameters<typeof numberDayOf>[0]) => numberDayOf(row, store),
  } as const;
  const orders: BuiltOrder["push"][] = [];
  const faults: RowFault[] = [];
  const notes = [...(opened.notes ?? [])];
  for await (const gathered of gatherOrders(opened, survey.rows)) {
    if (!("kind" in gathered)) {
      const built = buildOrders(gathered, rules);
      orders.push(...built.orders.map(({ push }) => push));
      faults.push(...built.faults);
    } else if (gathered.kind === "fault") faults.push(gathered);
    else notes.push(`${gathered.file}:${gathered.line}: ${gathered.reason}`);
  }
  const shown = faults.map(({ file, line, column }) => `${file}:${line} ${column}`);
  const pushOf = (orderId: string) => orders.find((order) => order.orderId === orderId);
  return { ids: orders.map(({ orderId }) => orderId), orders, pushOf, shown, faults, notes };
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

const readCase = async (name: string, said: SaidOfFiles = {}) =>
  read("generic", { [`${name}.csv`]: await readFile(new URL(`${name}.csv`, cases)) }, said);

/** Net of every order in minor units, by its number. */
const netsOf = (orders: readonly BuiltOrder["push"][]) =>
  Object.fromEntries(
    orders.map(({ orderId, kind, lines = [] }) => [
      orderId,
      lines.reduce((sum, { gross, discount = "0", qty, voidedAt }) => {
        const net = voidedAt === undefined ? Number(gross) - Number(discount) : 0;
        return sum + (kind === "return" || String(qty).startsWith("-") ? -net : net);
      }, 0),
    ]),
  );

describe("forms of files, each named after its case", () => {
  test("blank-header-columns: columns without a name are passed over", async () => {
    const { orders, shown } = await readCase("blank-header-columns");
    expect([netsOf(orders), shown]).toEqual([{ "B1-1": 1000, "B1-2": 500 }, []]);
  });

  test("blank-and-total-rows: blank rows are passed over, the row of sums is named once", async () => {
    const { orders, shown, notes } = await readCase("blank-and-total-rows");
    expect([netsOf(orders), shown]).toEqual([{ "E1-1": 1000, "E1-2": 500 }, []]);
    expect(notes).toEqual(["blank-and-total-rows.csv:6: is a row of sums and was passed over"]);
  });

  test("blank-order-cells: cells of the bill may stand on one of its rows alone", async () => {
    const { orders, shown } = await readCase("blank-order-cells");
    expect([netsOf(orders), shown]).toEqual([{ "K1-1": 1250 }, []]);
    expect(orders[0]).toMatchObject({
      channel: "dine_in",
      guests: 2,
      payments: [{ method: "card", amount: "1250" }],
    });
  });

  test("refund-rows: what goes back on a later day is a return of that day", async () => {
    const { orders, shown } = await readCase("refund-rows");
    const id = "R1-2:return:2026-01-22T08:00:00Z";
    expect([netsOf(orders), shown]).toEqual([{ "R1-1": 1000, "R1-2": 500, [id]: -250 }, []]);
    expect(orders[2]).toMatchObject({
      kind: "return",
      relatedOrderId: "R1-2",
      openedAt: "2026-01-22T08:00:00.000Z",
      lines: [{ name: "Tea", qty: "1", gross: "250" }],
    });
  });

  test("refund rows in a file without their sale make the same return, and replace no sale", async () => {
    const whole = (await readCase("refund-rows")).orders[2];
    const { orders } = await read("generic", {
      "later.csv": "order_id,opened_at,item,qty,unit_price\nR1-2,2026-01-22 09:00,Tea,-1,2.50\n",
    });
    expect(orders).toEqual([whole]);
  });

  test("what goes back on the bill itself makes it an exchange; more than the bill had is refused", async () => {
    const { pushOf, shown } = await read("generic", {
      "sales.csv": `order_id,opened_at,item,qty,unit_price,payment_method
1,2026-01-21 12:00,Cola,1,2.00,cash
1,2026-01-21 12:00,Bottle,-1,0.25,cash
2,2026-01-21 12:00,Cola,1,2.00,cash
2,2026-01-23 12:00,Cola,-2,2.00,cash
`,
    });
    expect(pushOf("1")).toMatchObject({
      kind: "exchange",
      lines: [
        { qty: "1", gross: "200" },
        { qty: "-1", gross: "25" },
      ],
      payments: [{ amount: "175" }],
    });
    expect(shown).toEqual(["sales.csv:5 gross"]);
  });

  test("void-line-column: a line that was voided on the bill was never sold", async () => {
    const { orders, shown } = await readCase("void-line-column");
    expect([netsOf(orders), shown]).toEqual([{ "V1-1": 1000 }, []]);
    expect(orders[0]).toMatchObject({ status: "closed" });
  });

  test("a bill whose every line is voided is voided, also where its cells are blank on later rows", async () => {
    const { orders } = await read("generic", {
      "sales.csv": `order_id,opened_at,item,unit_price,status
1,2026-01-25 12:00,Soup,10.00,voided
1,2026-01-25 12:00,Tea,2.50,voided
2,2026-01-25 12:00,Soup,10.00,void
2,,Tea,2.50,
`,
    });
    expect(orders.map(({ status }) => status)).toEqual(["voided", "voided"]);
    expect(orders.flatMap(({ lines }) => lines).some((line) => line?.voidedAt)).toBe(false);
  });

  test("tax-long-decimals: tax is rounded once on the bill, half to even", async () => {
    const { orders, shown } = await readCase("tax-long-decimals");
    expect(shown).toEqual([]);
    expect(orders.map(({ lines }) => lines?.map(({ tax }) => tax))).toEqual([["199"], ["26"]]);
    const { orders: halves } = await read("generic", {
      "sales.csv": `order_id,opened_at,item,gross,tax
1,2026-01-25 12:00,A,1.00,0.125
1,2026-01-25 12:00,B,1.00,0.125
1,2026-01-25 12:00,C,1.00,0.125
`,
    });
    expect(halves[0]?.lines?.map(({ tax }) => tax)).toEqual(["12", "13", "13"]);
  });

  test("half-up-till: the file's own gross counts where it is a cent from qty times price", async () => {
    const { orders, shown } = await readCase("half-up-till");
    expect([netsOf(orders), shown]).toEqual([{ "G1-1": 13, "G1-2": 445 }, []]);
    const { shown: apart } = await read("generic", {
      "sales.csv":
        "order_id,opened_at,item,qty,unit_price,gross\n1,2026-01-29 12:00,Ham,2,1.00,2.02\n",
    });
    expect(apart).toEqual(["sales.csv:2 gross"]);
  });

  test("money-forms: two decimal marks in one file refuse it, with both; one that is said is taken", async () => {
    await expect(readCase("money-forms")).rejects.toThrow(
      /decimal point, as in "\$1,234\.50" \(money-forms\.csv:2 gross\), and a decimal comma, as in "1\.234,50"/,
    );
    const linesOf = (shown: readonly string[]) => shown.map((at) => /:(\d+) gross/.exec(at)?.[1]);
    const comma = await readCase("money-forms", { decimal: "," });
    expect(netsOf(comma.orders)).toEqual({ "M1-2": 123450, "M1-3": 120, "M1-8": 125000 });
    expect(linesOf(comma.shown)).toEqual(["2", "5", "6", "7", "8", "10"]);
    const point = await readCase("money-forms", { decimal: "." });
    const at = ":return:2026-01-28T11:00:00Z";
    expect(netsOf(point.orders)).toEqual({
      "M1-1": 123450,
      "M1-4": 123450,
      [`M1-5${at}`]: -500,
      "M1-6": 500,
      "M1-7": 50,
      "M1-8": 125,
      [`M1-9${at}`]: -500,
    });
    expect(linesOf(point.shown)).toEqual(["3", "4"]);
    expect(point.notes).toEqual([
      'amounts with $, as in "$1,234.50" (money-forms.csv:2 gross), are read as EUR',
    ]);
  });

  test("money-forms: 1.250 is 1250 beside 1.234,50, 1.25 beside 1.50, and asked for alone", async () => {
    const file = (...amounts: string[]) => ({
      "sales.csv": `order_id;opened_at;item;gross\n${amounts
        .map((amount, at) => `${at + 1};2026-01-28 12:00;A;${amount}`)
        .join("\n")}\n`,
    });
    const german = await read(
      "generic",
      file("1.234,50", "1.250", "€ 12,00", "1 234,50", "1.234.567"),
    );
    expect(Object.values(netsOf(german.orders))).toEqual([123450, 125000, 1200, 123450, 123456700]);
    const english = await read(
      "generic",
      file("1.50", "1.250", "$1,234.50 ", "1'000.00", ".50", "5."),
    );
    expect(Object.values(netsOf(english.orders))).toEqual([150, 125, 123450, 100000, 50, 500]);
    await expect(read("generic", file("1.250", "7"))).rejects.toThrow(
      "the decimal mark is ambiguous",
    );
    const other = await read("generic", file("USD 1.50", "1.2.3", "12%", "EUR 2.00"));
    expect(other.shown).toEqual(["sales.csv:2 gross", "sales.csv:3 gross", "sales.csv:4 gross"]);
  });

  test("time-forms: each form is its instant, a day without a time is refused by name", async () => {
    const { pushOf, faults, notes } = await readCase("time-forms");
    const times = [1, 2, 3, 4, 5, 6, 8].map((at) => pushOf(`F1-${at}`)?.openedAt.slice(0, 16));
    expect(times).toEqual([
      "2026-01-27T17:00",
      "2026-01-27T12:05",
      "2026-01-27T17:06",
      "2026-01-27T11:10",
      "2026-01-27T11:10",
      "2026-01-27T17:10",
      "2026-01-27T11:10",
    ]);
    expect(faults).toMatchObject([
      { line: 8, column: "opened_at", reason: expect.stringMatching(/day without a time.*--time/) },
    ]);
    expect(notes).toEqual([
      'dates are read as month, day, year, as in "1/27/2026 12:10 PM" (time-forms.csv:5 opened_at)',
    ]);
    const asked = await readCase("time-forms", { timeOfDayMs: 12 * 3_600_000 });
    expect(asked.pushOf("F1-7")?.openedAt).toBe("2026-01-27T11:00:00.000Z");
  });

  test("time-forms: where no date tells day from month, the file is refused with both options", async () => {
    const file = (...dates: string[]) => ({
      "sales.csv": `order_id,date,time,item,gross\n${dates
        .map((date, at) => `${at + 1},${date},9:05 AM,A,1`)
        .join("\n")}\n`,
    });
    await expect(read("generic", file("3/8/2026", "4/8/2026"))).rejects.toThrow(
      'the date order is ambiguous, as in "3/8/2026" (sales.csv:2 date); say --dates dmy or --dates mdy',
    );
    await expect(read("generic", file("13/8/2026", "8/13/2026"))).rejects.toThrow("the day first");
    const said = await read("generic", file("3/8/2026"), { dates: "dmy" });
    expect(said.pushOf("1")?.openedAt).toBe("2026-08-03T07:05:00.000Z");
  });

  test("windows-1252: a file that is not UTF-8 is refused by line and byte, and read where it is said", async () => {
    await expect(readCase("windows-1252")).rejects.toThrow(
      "windows-1252.csv is not UTF-8: line 2 holds the byte 0xE9; say how it is encoded, for example --encoding windows-1252",
    );
    const { orders, shown } = await readCase("windows-1252", { encoding: "windows-1252" });
    expect([netsOf(orders), shown]).toEqual([{ "W1-1": 1000, "W1-2": 500 }, []]);
    expect(orders[0]?.lines?.[0]?.name).toBe("Café crème");
  });

  test("a file in UTF-16 with its mark is read; a lost letter is refused", async () => {
    const text = "\uFEFForder_id,opened_at,item,gross\n1,2026-01-10 12:00,Crème,10.00\n";
    const little = Buffer.from(text, "utf16le");
    for (const bytes of [little, Buffer.from(little).swap16()]) {
      const { orders } = await read("generic", { "sales.csv": bytes });
      expect(orders[0]?.lines?.[0]?.name).toBe("Crème");
    }
    const lost = text.replace("è", "\uFFFD");
    expect((await read("generic", { "sales.csv": lost })).shown).toEqual(["sales.csv:2 (row)"]);
  });

  test("preamble-title: title lines before the header are passed over", async () => {
    const { orders, shown } = await readCase("preamble-title");
    expect([netsOf(orders), shown]).toEqual([{ "P2-1": 1000 }, []]);
    await expect(read("generic", { "sales.csv": "Bill,Dish\n1,Soup\n" })).rejects.toThrow(
      'with the columns order_id, item; sales.csv begins with "Bill,Dish"',
    );
  });

  test("quoted-newline: a line break in a quoted field is part of it; an open quote spoils its own line", async () => {
    const { orders, shown } = await readCase("quoted-newline");
    expect([netsOf(orders), shown]).toEqual([{ "Q1-1": 1000, "Q1-2": 500 }, []]);
    const open = await read("generic", {
      "sales.csv": `order_id,opened_at,item,gross
1,2026-01-10 12:00,"5 inch pizza,10.00
2,2026-01-10 12:00,"Tea, green",2.00
3,2026-01-10 12:00,Tea,2.00
`,
    });
    expect([open.ids, open.shown]).toEqual([["2", "3"], ["sales.csv:2 (row)"]]);
  });

  test("channel-words: a till's own words are known, an unknown channel is other and keeps its word", async () => {
    const { orders, shown } = await readCase("channel-words");
    expect([netsOf(orders), shown]).toEqual([{ "L1-1": 250, "L1-2": 1000 }, []]);
    expect(orders.map(({ channel, status }) => [channel, status])).toEqual([
      ["dine_in", "closed"],
      ["takeout", "closed"],
    ]);
    const other = await read("generic", {
      "sales.csv": `order_id,opened_at,item,gross,channel,status
1,2026-02-04 12:00,Tea,2.50,Bar Tab,closed
2,2026-02-04 12:00,Tea,2.50,Bar Tab,perhaps
`,
    });
    expect(other.orders).toMatchObject([{ channel: "other", channelRaw: "Bar Tab" }]);
    expect(other.shown).toEqual(["sales.csv:3 status"]);
  });

  test("a header that names a column twice is refused", async () => {
    const file = "order_id,opened_at,item,gross,gross\n1,2026-02-04 12:00,Tea,2.50,2.50\n";
    await expect(read("generic", { "sales.csv": file })).rejects.toThrow("names gross twice");
  });
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
