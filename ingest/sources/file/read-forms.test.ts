import { describe, expect, test } from "vitest";
import { netsOf, read, readCase } from "./testing/read-files.ts";

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
