import { readFileSync } from "node:fs";
import { join } from "node:path";

/** One bill of a shop's files, read as plainly as can be: nothing here is shared with the product. */
interface PlainBill {
  readonly id: string;
  /** The clock on the shop's wall, `YYYY-MM-DD HH:MM`. */
  readonly at: string;
  cents: bigint;
  units: bigint;
}

/** A real shop: how its files are imported, and what they say. */
export interface RealShop {
  readonly profile: string;
  readonly folder: string;
  readonly timeZone: string;
  readonly currency: string;
  /** As people count them who know the data. */
  readonly orderCount: number;
  /** The file with a row for each item sold, and the column of the order's number in it. */
  readonly linesFile: string;
  readonly orderColumn: number;
  readBills(folder: string): Map<string, PlainBill>;
}

/** A pizzeria's year. */
export const pizzeria: RealShop = {
  profile: "pizza",
  folder: "pizza",
  timeZone: "America/New_York",
  currency: "USD",
  orderCount: 21_350,
  linesFile: "pizza_order_details.csv",
  orderColumn: 1,
  readBills(folder) {
    const prices = new Map(
      cellsOf(folder, "pizza_pizzas.csv").map(([id, , , price]) => [id, centsOf(price)]),
    );
    const bills = new Map<string, PlainBill>();
    for (const [id = "", date, time] of cellsOf(folder, "pizza_orders.csv")) {
      bills.set(id, { id, at: `${date} ${time?.slice(0, 5)}`, cents: 0n, units: 0n });
    }
    for (const [, id = "", pizza, quantity = ""] of cellsOf(folder, this.linesFile)) {
      add(bills.get(id), prices.get(pizza), quantity);
    }
    return bills;
  },
};

/** A London takeaway. */
export const takeaway: RealShop = {
  profile: "london-takeaway",
  folder: "london-takeaway",
  timeZone: "Europe/London",
  currency: "GBP",
  orderCount: 13_397,
  linesFile: "restaurant-1-orders.csv",
  orderColumn: 0,
  readBills(folder) {
    const prices = new Map(
      cellsOf(folder, "restaurant-1-products-price.csv").map(([name, price]) => [
        name,
        centsOf(price),
      ]),
    );
    const bills = new Map<string, PlainBill>();
    for (const [id = "", when = "", name, quantity = ""] of cellsOf(folder, this.linesFile)) {
      const [day = "", month = "", year = "", hour = "", minute = ""] = when.split(/[/ :]/);
      const date = [year, month.padStart(2, "0"), day.padStart(2, "0")].join("-");
      const bill = bills.get(id) ?? {
        id,
        at: `${date} ${hour.padStart(2, "0")}:${minute}`,
        cents: 0n,
        units: 0n,
      };
      bills.set(id, bill);
      add(bill, prices.get(name), quantity);
    }
    return bills;
  },
};

/** Sales of one business day. */
export interface DayTotal {
  readonly date: string;
  readonly net: string;
  readonly orders: number;
  readonly units: string;
}

/** Sums bills by business day, which turns at four in the morning by the clock on the wall. */
export function totalsByDay(bills: Iterable<PlainBill>): DayTotal[] {
  const days = new Map<string, { net: bigint; orders: number; units: bigint }>();
  for (const { at, cents, units } of bills) {
    const date = at.slice(11) < "04:00" ? dayBefore(at.slice(0, 10)) : at.slice(0, 10);
    const day = days.get(date) ?? { net: 0n, orders: 0, units: 0n };
    days.set(date, { net: day.net + cents, orders: day.orders + 1, units: day.units + units });
  }
  return [...days]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([date, { net, orders, units }]) => ({
      date,
      net: String(net),
      orders,
      units: String(units),
    }));
}

/** The lines of a file without their breaks; the first is the header. */
export function linesOf(folder: string, file: string): string[] {
  const text = readFileSync(join(folder, file), "utf8").replace(/^\uFEFF/, "");
  return text.trimEnd().split(/\r?\n/);
}

function cellsOf(folder: string, file: string): string[][] {
  return linesOf(folder, file)
    .slice(1)
    .map((line) => line.split(","));
}

/** `12.5` is 1250, without a float in between. */
function centsOf(price = ""): bigint {
  const [whole = "0", fraction = ""] = price.split(".");
  return BigInt(whole) * 100n + BigInt(fraction.padEnd(2, "0"));
}

function add(bill: PlainBill | undefined, price: bigint | undefined, quantity: string): void {
  if (bill === undefined || price === undefined) throw new Error("a row belongs to nothing");
  bill.cents += price * BigInt(quantity);
  bill.units += BigInt(quantity);
}

function dayBefore(date: string): string {
  return new Date(Date.parse(date) - 86_400_000).toISOString().slice(0, 10);
}
