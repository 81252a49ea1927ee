import { splitProRata } from "@tillcast/schemas";
import type { Bill, BillCharge, BillPayment } from "./bill.ts";
import { standingLines, totalOf } from "./bill.ts";
import { cashRounding, shareOf, taxed } from "./bill-money.ts";
import type { Random } from "./random.ts";

/** How one guest pays: the tender, the time, and the tip in millionths of the amount. */
export interface Tender {
  readonly method: string;
  readonly tipPpm: number;
  readonly atMs: number;
}

/** Time between the payments of two guests of one table. */
const SPLIT_PAUSE_MS = 45_000;
/** The part of parties that split the bill. */
const SPLIT_SHARE = 0.12;

/** Draws who pays a bill and how. The last payment is at `closedMs`. */
export function drawTenders(bill: Bill, random: Random, closedMs: number): Tender[] {
  const { profile, channel, guests } = bill;
  const canSplit = channel.table && guests !== null && guests > 1;
  const payers = canSplit && random.chance(SPLIT_SHARE) ? random.int(2, Math.min(3, guests)) : 1;
  return Array.from({ length: payers }, (_, at) => {
    const weights = profile.tenders.map(([, weight]) => weight);
    const method = profile.tenders[random.weighted(weights)]?.[0] ?? "card";
    const tipShare = channel.table ? profile.tips.tableShare : profile.tips.counterShare;
    const tips = method !== "cash" && random.chance(tipShare);
    const tipPpm = tips ? Math.round(random.pick(profile.tips.rates) * 1_000_000) : 0;
    return { method, tipPpm, atMs: closedMs - (payers - 1 - at) * SPLIT_PAUSE_MS };
  });
}

/** Computes the charges and payments of a bill from its lines that are not voided, also after a correction. */
export function settleBill(bill: Bill, tenders: readonly Tender[]): void {
  bill.charges = chargesOf(bill);
  const cashStep = bill.profile.cashStepMinor;
  if (cashStep !== undefined && tenders.every((tender) => tender.method === "cash")) {
    const net = cashRounding(totalOf(bill), cashStep);
    if (net !== 0n) bill.charges.push({ kind: "rounding", net, tax: 0n });
  }
  bill.payments = paymentsOf(bill, tenders);
  bill.paidMs = bill.payments[0]?.atMs ?? null;
}

function chargesOf(bill: Bill): BillCharge[] {
  const { profile, channel, guests } = bill;
  const { servicePpm, gratuityPpm, gratuityGuestsMin = 0, deliveryMinor } = profile.charges;
  const lines = standingLines(bill);
  const net = lines.reduce((sum, line) => sum + line.net, 0n);
  const tax = lines.reduce((sum, line) => sum + line.tax, 0n);
  const charges: BillCharge[] = [];
  if (net === 0n) return charges;
  if (servicePpm !== undefined && channel.table) {
    const base = profile.taxMode === "inclusive" ? net + tax : net;
    charges.push({ kind: "service", ...taxed(profile, shareOf(base, servicePpm), profile.taxPpm) });
  }
  if (gratuityPpm !== undefined && channel.table && (guests ?? 0) >= gratuityGuestsMin) {
    charges.push({ kind: "gratuity", net: shareOf(net, gratuityPpm), tax: 0n });
  }
  if (deliveryMinor !== undefined && channel.channel === "delivery") {
    charges.push({ kind: "delivery", ...taxed(profile, BigInt(deliveryMinor), profile.taxPpm) });
  }
  return charges;
}

/** A bill of zero is closed without a payment. */
function paymentsOf(bill: Bill, tenders: readonly Tender[]): BillPayment[] {
  const total = totalOf(bill);
  if (total === 0n) return [];
  const amounts = splitProRata(
    total,
    tenders.map(() => 1n),
  );
  // Guests with an automatic gratuity rarely add a tip.
  const hasGratuity = bill.charges.some((charge) => charge.kind === "gratuity");
  return tenders.map(({ method, tipPpm, atMs }, at) => {
    const amount = amounts[at] ?? 0n;
    const tip = hasGratuity ? 0n : shareOf(amount, tipPpm);
    return { method, amount, tip, status: "done", atMs };
  });
}
