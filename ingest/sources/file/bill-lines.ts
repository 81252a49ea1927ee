import {
  type Decimal,
  type OrderPushInput,
  parseDecimal,
  rescaleHalfEven,
  sumDecimals,
} from "@tillcast/schemas";
import type { OrderRow, OrderSaid } from "./import-profile.ts";

type Lines = NonNullable<OrderPushInput["lines"]>;

/** Makes the lines of a bill from its rows, in their order. */
export function linesOf(rows: readonly OrderRow[], said: OrderSaid): Lines {
  const isVoided = (row: OrderRow): boolean =>
    row.order.status === "voided" && said.status !== "voided";
  const taxes = roundTaxes(rows, isVoided);
  return rows.map((row, at) => {
    const { item, isTakenBack } = row;
    return {
      key: String(at + 1),
      ...item,
      ...(item.tax === undefined ? {} : { tax: String(taxes[at]) }),
      ...(isTakenBack === true ? { qty: `-${item.qty}` } : {}),
      // A line that was voided before the bill counted was never sold.
      ...(isVoided(row) ? { voidedAt: said.openedAt } : {}),
    };
  });
}

/** One tender for the whole bill; none if the file has no payment method. */
export function paymentsOf(
  rows: readonly OrderRow[],
  said: OrderSaid,
  method: string | undefined,
  tip: string | undefined,
): OrderPushInput["payments"] {
  if (method === undefined) return [];
  const lines = linesOf(rows, said);
  const amount = lines.reduce((sum, line, at) => {
    if (line.voidedAt !== undefined) return sum;
    const tax = said.taxMode === "inclusive" ? 0n : BigInt(line.tax ?? 0);
    const paid = BigInt(line.gross) - BigInt(line.discount ?? 0) + tax;
    return rows[at]?.isTakenBack === true ? sum - paid : sum + paid;
  }, 0n);
  const isExchange = rows.some((row) => row.isTakenBack === true);
  // A bill that is negative by its discount is reported elsewhere.
  const paid = amount < 0n && !isExchange ? 0n : amount;
  return [{ key: "1", method, amount: String(paid), tip: tip ?? "0" }];
}

/**
 * Tax of each row in whole minor units. The exact sum over the bill is rounded once, half to even, and each row
 * gets the growth of the rounded sum. Returned lines and voided lines each have their own sum.
 */
function roundTaxes(
  rows: readonly OrderRow[],
  isVoided: (row: OrderRow) => boolean,
): readonly bigint[] {
  const sums = new Map<string, Decimal>();
  return rows.map((row) => {
    const side = `${row.isTakenBack === true} ${isVoided(row)}`;
    const before = sums.get(side) ?? { units: 0n, scale: 0 };
    const after = sumDecimals([before, decimalOf(row.item.tax ?? "0")]);
    sums.set(side, after);
    return rescaleHalfEven(after, 0) - rescaleHalfEven(before, 0);
  });
}

function decimalOf(text: string): Decimal {
  const parsed = parseDecimal(text);
  return "error" in parsed ? { units: 0n, scale: 0 } : parsed;
}
