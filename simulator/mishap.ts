import { HOUR_MS, MINUTE_MS } from "@tillcast/schemas";
import { type BillLine, standingLines } from "./bill.ts";
import { lineMoney, shareOf } from "./bill-money.ts";
import { voidOneLine } from "./ring-up.ts";
import { settleBill } from "./settle-bill.ts";
import { closeBill, type Telling } from "./telling.ts";
import type { Mishap } from "./trouble.ts";

type Ending = (telling: Telling, closedMs: number) => void;

/** The end of an order for each mishap. The compiler requires all of them. */
const endings: Readonly<Record<Mishap, Ending>> = {
  testMode: closeBill,
  lineVoidedOpen: closeBill,
  comp,
  orderVoidedOpen: (telling, closedMs) => voidOrder(telling, closedMs, "walked out"),
  tipLater: thenSoon(addTip),
  discountLater: thenSoon(discountOneLine),
  channelFixed: thenSoon(fixChannel),
  lineVoidedLater: thenSoon(takeLineBack),
  orderVoided: thenSoon((telling, atMs) => voidOrder(telling, atMs, "wrong table")),
  orderVoidedNextDay: thenNextDay((telling, atMs) => voidOrder(telling, atMs, "disputed")),
  refundAmount: thenSoon(refundAmount),
  refundLine: thenSoon(refundLine),
  refundNextDay: thenNextDay((telling, atMs) =>
    telling.random.chance(0.5) ? refundAmount(telling, atMs) : refundLine(telling, atMs),
  ),
};

/** Generates the end of an order with a mishap. */
export function befall(telling: Telling, mishap: Mishap, closedMs: number): void {
  endings[mishap](telling, closedMs);
}

/** Closes the bill and corrects it minutes to hours later, before the business date turns. */
function thenSoon(correct: Ending): Ending {
  return (telling, closedMs) => {
    closeBill(telling, closedMs);
    const { random, dayEndMs } = telling;
    const minutes = random.chance(0.8) ? random.between(2, 30) : random.between(30, 180);
    correct(telling, Math.floor(Math.min(closedMs + minutes * MINUTE_MS, dayEndMs - MINUTE_MS)));
  };
}

/** Closes the bill and corrects it in the daytime of the next business date. */
function thenNextDay(correct: Ending): Ending {
  return (telling, closedMs) => {
    closeBill(telling, closedMs);
    const { random, dayEndMs } = telling;
    correct(telling, Math.floor(dayEndMs + random.between(7 * HOUR_MS, 14 * HOUR_MS)));
  };
}

/** A comp: served and free. */
function comp(telling: Telling, closedMs: number): void {
  const { bill } = telling;
  bill.discountPercent = 100;
  bill.lines = bill.lines.map((line) => ({
    ...line,
    ...lineMoney(bill.profile, line.item, line.quantityMicro, 100),
  }));
  closeBill(telling, closedMs);
}

function voidOrder({ bill, take }: Telling, atMs: number, reason: string): void {
  bill.status = "voided";
  bill.voidedMs = atMs;
  bill.voidReason = reason;
  bill.payments = bill.payments.map((payment) => ({ ...payment, status: "voided" }));
  take(atMs);
}

/** The tip is entered after the guest has left. */
function addTip({ bill, random, take }: Telling, atMs: number): void {
  if (bill.profile.tips.tableShare === 0) return; // Nobody tips there.
  const tipPpm = random.int(8, 22) * 10_000;
  bill.payments = bill.payments.map((payment, at) =>
    at === 0 ? { ...payment, tip: shareOf(payment.amount, tipPpm) } : payment,
  );
  take(atMs);
}

function discountOneLine({ bill, random, tenders, take }: Telling, atMs: number): void {
  const chosen = dearestLine(bill.lines);
  const percent = Math.min(100, bill.discountPercent + random.pick([10, 20, 30]));
  bill.lines = bill.lines.map((line) =>
    line === chosen
      ? { ...line, ...lineMoney(bill.profile, line.item, line.quantityMicro, percent) }
      : line,
  );
  settleBill(bill, tenders);
  take(atMs);
}

function takeLineBack({ bill, random, tenders, take }: Telling, atMs: number): void {
  voidOneLine(bill, random, atMs);
  settleBill(bill, tenders);
  take(atMs);
}

/** The bill was entered with the wrong channel. Its charges stay as paid. */
function fixChannel({ bill, random, take }: Telling, atMs: number): void {
  bill.channel = random.pick(
    bill.profile.channels.filter((channel) => channel.channel !== bill.channel.channel),
  );
  take(atMs);
}

/** Refunds a part of the payment without lines. Cash in steps has no exact part, so a line is returned instead. */
function refundAmount(telling: Telling, atMs: number): void {
  const { bill, random, take } = telling;
  if (bill.charges.some((charge) => charge.kind === "rounding")) {
    refundLine(telling, atMs);
    return;
  }
  const paid = bill.payments[0]?.amount ?? 0n;
  const amount = shareOf(paid, random.int(20, 80) * 10_000);
  bill.refunds.push({ lineKey: null, parts: null, amount, atMs });
  take(atMs);
}

function refundLine({ bill, take }: Telling, atMs: number): void {
  const { key, net, tax } = dearestLine(standingLines(bill));
  bill.refunds.push({ lineKey: key, parts: { net, tax }, amount: net + tax, atMs });
  take(atMs);
}

function dearestLine(lines: readonly BillLine[]): BillLine {
  return lines.reduce((dearest, line) => (line.gross > dearest.gross ? line : dearest));
}
