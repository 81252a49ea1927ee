import { isMinorInRange, MINOR_MAX, type OrderPush } from "@tillcast/schemas";
import type { Fault } from "./faults.ts";

/**
 * Finds sums that are too large to be exact. Amounts are added without their signs, because the two sides of
 * an exchange may cancel out on the bill and are still posted separately.
 */
export function checkSums(order: OrderPush, faults: Fault[]): void {
  const { lines, charges, payments, refunds } = order;
  const check = (field: string, amounts: readonly bigint[]): void => {
    const sum = amounts.reduce((total, amount) => total + (amount < 0n ? -amount : amount), 0n);
    if (isMinorInRange(sum)) return;
    faults.push({ field, reason: `sums to more than ${MINOR_MAX}, the most that is kept exactly` });
  };
  const gross = lines.map((line) => line.gross);
  const charged = charges.map((charge) => charge.net);
  const taxes = [...lines, ...charges].map((part) => part.tax);
  const returned = lines.filter(({ qty }) => order.kind === "return" || qty < 0n);
  const refunded = refunds.map((refund) => refund.amount);
  check("totals.gross", gross);
  check("totals.charges", charged);
  check("totals.tax", taxes);
  check("totals.total", [...gross, ...charged, ...taxes]);
  // Returned goods and refunds share a column.
  check("refunds", [...returned.map((line) => line.gross), ...refunded]);
  check(
    "totals.tip",
    [...payments, ...refunds].map((part) => part.tip),
  );
  check("payments", [...payments.map((payment) => payment.amount), ...refunded]);
  check(
    "lines",
    lines.map((line) => line.qty),
  );
}
