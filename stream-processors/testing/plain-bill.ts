import type { OrderSnapshot } from "@tillcast/schemas";
import { type Envelope, namedParts, type Refund } from "./plain-envelopes.ts";
import { bookTenders, countedAt, deal, nearestEven, total } from "./plain-money.ts";

/** Amounts of one order by `businessDate column` and by `businessDate item column`. */
export type PlainSums = Map<string, bigint>;

type Line = OrderSnapshot["lines"][number];

const orderOfSums = [
  "sales",
  "tax",
  "charge_service",
  "charge_gratuity",
  "charge_delivery",
  "charge_surcharge",
  "charge_donation",
  "charge_rounding",
  "charge_other",
  "none",
];

/** What an order has to post, from its newest picture. */
export function plainSums(order: OrderSnapshot): PlainSums {
  const sums: PlainSums = new Map();
  const book = (date: string, column: string, amount: bigint) => {
    if (amount !== 0n)
      sums.set(`${date} ${column}`, (sums.get(`${date} ${column}`) ?? 0n) + amount);
  };
  const dead = order.testMode || order.withheld !== null || order.status === "deleted";
  if (!dead) bookTenders(order, book);
  const counted = dead ? null : countedAt(order);
  if (counted === null) return sums;
  const back = order.kind === "return" ? -1n : 1n;
  const goesBack = (line: Line) =>
    order.kind === "return" || (order.kind === "exchange" && line.quantityMicro < 0n);
  const signOf = (line: Line) => (goesBack(line) ? -1n : 1n);
  const size = (line: Line) => (line.quantityMicro < 0n ? -line.quantityMicro : line.quantityMicro);
  const isRinging = (line: Line) => line.voidedAt === null || line.voidedAt > counted;
  const ringing = order.lines.filter(isRinging);
  const itemOf = (line: Line) => line.itemId ?? line.name;

  // The sale.
  const envelopes: Envelope[] = [];
  const units = new Map<string, bigint>();
  const put = (sum: string, money: bigint, part: Partial<Envelope>) =>
    envelopes.push({ line: null, charge: null, kind: null, undone: 0n, ...part, sum, money });
  for (const line of ringing) {
    const sign = signOf(line);
    put(line.revenue ? "sales" : "none", sign * line.net, { line: line.key });
    put("tax", sign * line.tax, { line: line.key });
    book(order.businessDate, "tax", sign * line.tax);
    if (!line.revenue) continue;
    units.set(line.key, line.parentKey === null ? sign * size(line) : 0n);
    book(order.businessDate, "sales", sign * line.net);
    book(order.businessDate, "items", units.get(line.key) as bigint);
    book(order.businessDate, `item ${itemOf(line)} net`, sign * line.net);
    book(order.businessDate, `item ${itemOf(line)} quantity`, units.get(line.key) as bigint);
  }
  for (const { key, kind, net, tax } of order.charges) {
    put(`charge_${kind}`, back * net, { charge: key, kind });
    put("tax", back * tax, { charge: key, kind });
    book(order.businessDate, `charge_${kind}`, back * net);
    book(order.businessDate, "tax", back * tax);
  }
  put("tax", back * (order.orderTax ?? 0n), {});
  book(order.businessDate, "tax", back * (order.orderTax ?? 0n));
  const taxOfAll = envelopes.at(-1) as Envelope;
  const done = order.payments.filter(({ status }) => status === "done");
  let tips = back * total(done.map(({ tip }) => tip));
  let vendor = back * (order.unreconciled ?? 0n);
  book(order.businessDate, "tip", tips);
  book(order.businessDate, "unreconciled", vendor);
  const services = ["service", "delivery", "surcharge", "other"];
  const sells =
    order.lines.length === 0 ||
    order.lines.some(({ revenue }) => revenue) ||
    order.charges.some(({ kind }) => services.includes(kind));
  const isOrder = sells && order.kind !== "return";
  if (isOrder) {
    book(order.businessDate, "orders", 1n);
    book(order.businessDate, "guests", BigInt(order.guests ?? 0));
  }
  const billed = total(envelopes.map(({ money }) => money)) + vendor;
  let owed = billed < 0n ? -billed : 0n;
  let owedTips = tips < 0n ? -tips : 0n;
  let [undoneElse, undoneTips, isUndone] = [0n, 0n, false];

  // What each later act takes out, on its own date.
  const lineOf = new Map(order.lines.map((line) => [line.key, line]));
  const takeOut = (date: string, envelope: Envelope, amount: bigint) => {
    envelope.money -= amount;
    book(date, envelope.sum, envelope.sum === "none" ? 0n : -amount);
    const line = envelope.sum === "sales" ? lineOf.get(envelope.line as string) : undefined;
    if (line !== undefined) book(date, `item ${itemOf(line)} net`, -amount);
  };
  const takeUnits = (date: string, key: string) => {
    const line = lineOf.get(key) as Line;
    book(date, "items", -(units.get(key) ?? 0n));
    book(date, `item ${itemOf(line)} quantity`, -(units.get(key) ?? 0n));
    units.set(key, 0n);
  };
  const undo = (date: string, some: readonly Envelope[]) => {
    for (const envelope of some) {
      if (envelope.money > 0n) envelope.undone += envelope.money;
      takeOut(date, envelope, envelope.money);
      if (envelope.line !== null && units.has(envelope.line)) takeUnits(date, envelope.line);
    }
  };
  /** Takes an amount out of some envelopes, each at most `most`; answers what it could not. */
  const share = (date: string, some: readonly (readonly [Envelope, bigint])[], amount: bigint) => {
    const full = some.filter(([, most]) => most > 0n);
    const bySum = orderOfSums.map((sum) => full.filter(([envelope]) => envelope.sum === sum));
    const there = total(full.map(([, most]) => most));
    const taken = amount < there ? amount : there;
    if (taken <= 0n) return amount;
    const ofSums = deal(
      taken,
      bySum.map((of) => total(of.map(([, most]) => most))),
    );
    bySum.forEach((of, place) => {
      const parts = deal(
        ofSums[place] as bigint,
        of.map(([, most]) => most),
      );
      of.forEach(([envelope], at) => {
        takeOut(date, envelope, parts[at] as bigint);
      });
    });
    return amount - taken;
  };
  const whole = (some: readonly Envelope[]) =>
    some.map((envelope) => [envelope, envelope.money] as const);
  const meet = (some: readonly Envelope[], amount: bigint) => {
    let left = amount;
    for (const envelope of some) {
      const met = left < envelope.undone ? left : envelope.undone;
      envelope.undone -= met;
      left -= met;
    }
    return left;
  };
  const from = (pot: bigint, amount: bigint) => (pot <= 0n ? 0n : pot < amount ? pot : amount);

  const refundOf = (refund: Refund) => {
    const date = refund.businessDate;
    const before = new Map(envelopes.map((envelope) => [envelope, envelope.money]));
    const named = namedParts(refund, order, envelopes);
    let left = refund.amount;
    let ofVendor = 0n;
    if (named === null) {
      const met = from(owed, left);
      owed -= met;
      left -= met;
      const standing = total(envelopes.map(({ money }) => money)) + vendor;
      if (left > 0n && left === standing) {
        for (const envelope of envelopes) takeOut(date, envelope, envelope.money);
        for (const key of units.keys()) takeUnits(date, key);
        book(date, "unreconciled", -vendor);
        [vendor, left] = [0n, 0n];
      }
      const coins = envelopes.filter(({ kind, sum }) => kind === "rounding" && sum !== "tax");
      const coinsTax = envelopes.filter(({ kind, sum }) => kind === "rounding" && sum === "tax");
      const others = envelopes.filter(({ kind }) => kind !== "rounding");
      left = said(refund, others, others, left) ?? share(date, whole(others), left);
      left = share(date, whole([...coins, ...coinsTax]), left);
      ofVendor = from(vendor, left);
      vendor -= ofVendor;
      left = meet(envelopes, left - ofVendor);
      const met2 = from(undoneElse, left);
      undoneElse -= met2;
      left -= met2;
    } else {
      for (const tier of named) {
        const told = said(refund, tier, [...tier, taxOfAll], left);
        left = told ?? share(date, [...whole(tier), ...taxShare(tier)], left);
      }
      left = meet(isUndone ? envelopes : named.flat(), left);
      if (isUndone) {
        const met = from(undoneElse, left);
        undoneElse -= met;
        left -= met;
      }
      if (refund.net === null && refund.tax === null) left = share(date, whole([taxOfAll]), left);
      const met = from(owed, left);
      owed -= met;
      left -= met;
    }
    for (const envelope of envelopes) {
      const had = before.get(envelope) as bigint;
      const isLine = envelope.sum === "sales" && units.has(envelope.line ?? "");
      if (isLine && had !== envelope.money && envelope.money === 0n)
        takeUnits(date, envelope.line as string);
    }
    const touched = envelopes.some((envelope) => before.get(envelope) !== envelope.money);
    if (named === null && touched && envelopes.every(({ money }) => money <= 0n)) {
      for (const [key, count] of units) if (count > 0n) takeUnits(date, key);
    }
    const tipOwed = from(owedTips, refund.tip);
    owedTips -= tipOwed;
    const wanted = refund.tip - tipOwed;
    const tip = order.payments.length === 0 ? wanted : from(tips, wanted);
    tips -= tip;
    const tipUndone = from(undoneTips, wanted - tip);
    undoneTips -= tipUndone;
    book(date, "tip", -tip);
    book(date, "unreconciled", -ofVendor - left - (wanted - tip - tipUndone));

    /** The tax of the whole order that some parts bear, by their share of the net that is left. */
    function taxShare(tier: readonly Envelope[]) {
      const bears = ({ sum, kind }: Envelope) =>
        kind !== "rounding" && (sum === "sales" || sum.startsWith("charge_"));
      const netIn = (some: readonly Envelope[]) =>
        total(some.filter(bears).map(({ money }) => (money > 0n ? money : 0n)));
      const all = netIn(envelopes);
      if (all === 0n || taxOfAll.money <= 0n) return [];
      return [[taxOfAll, nearestEven(taxOfAll.money * netIn(tier), all)] as const];
    }
    /** What the vendor says of net and tax; null where it says nothing. */
    function said(
      told: Refund,
      some: readonly Envelope[],
      taxes: readonly Envelope[],
      amount: bigint,
    ) {
      if (told.net === null && told.tax === null) return null;
      const isSales = some.some(({ line, sum }) => line !== null && sum === "sales");
      const nets = some.filter(({ sum }) => (isSales ? sum === "sales" : sum !== "tax"));
      const others = some.filter((envelope) => envelope.sum !== "tax" && !nets.includes(envelope));
      const net = told.net ?? told.amount - (told.tax as bigint);
      let rest = amount;
      const goesTo = (target: readonly Envelope[], most: bigint) => {
        const part = from(most, rest);
        rest = rest - part + share(told.businessDate, whole(target), part);
      };
      goesTo(nets, net);
      goesTo(
        taxes.filter(({ sum }) => sum === "tax"),
        told.tax ?? rest,
      );
      goesTo(others, rest);
      return rest;
    }
  };

  type Act = { at: number; rank: number; key: string; run: () => void };
  const acts: Act[] = [];
  for (const line of ringing) {
    if (line.voidedAt === null) continue;
    const date = line.voidBusinessDate ?? order.businessDate;
    const own = envelopes.filter((envelope) => envelope.line === line.key);
    acts.push({ at: line.voidedAt, rank: 0, key: line.key, run: () => undo(date, own) });
  }
  if (order.status === "voided") {
    const date = order.voidBusinessDate ?? order.businessDate;
    const run = () => {
      undo(date, envelopes);
      const beyond = total(done.map(({ amount }) => amount)) - billed;
      undoneElse += (vendor > 0n ? vendor : 0n) + (beyond > 0n ? beyond : 0n);
      undoneTips += tips > 0n ? tips : 0n;
      book(date, "unreconciled", -vendor);
      book(date, "tip", -tips);
      if (isOrder) {
        book(date, "orders", -1n);
        book(date, "guests", -BigInt(order.guests ?? 0));
      }
      [vendor, tips, isUndone] = [0n, 0n, true];
    };
    acts.push({ at: order.voidedAt ?? counted, rank: 1, key: "", run });
  }
  for (const refund of order.refunds) {
    if (refund.status !== "done") continue;
    acts.push({ at: refund.at, rank: 2, key: refund.key, run: () => refundOf(refund) });
  }
  acts.sort((a, b) => a.at - b.at || a.rank - b.rank || (a.key > b.key ? 1 : -1));
  for (const { run } of acts) run();
  return nonZero(sums);
}

function nonZero(sums: PlainSums): PlainSums {
  return new Map([...sums].filter(([, amount]) => amount !== 0n).sort());
}
