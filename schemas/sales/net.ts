import { type ChargeKind, chargeKinds } from "../orders/order-words.ts";
import { chargeMeasure, type Measures } from "./measures.ts";

/** Charges that count as sales where a tenant has not said otherwise. */
export const defaultNetCharges: readonly ChargeKind[] = ["service", "delivery"];

/**
 * Net sales as a person reads them: column `net` plus the charges the tenant counts, minus refunds and
 * voids, without tax and tips. Composed at read, so that a change of policy rewrites nothing.
 */
export function composeNet(
  values: Pick<Measures, "net" | "refund" | "void"> & Partial<Measures>,
  netCharges: readonly ChargeKind[],
): bigint {
  const charges = netCharges.reduce((sum, kind) => sum + (values[chargeMeasure(kind)] ?? 0n), 0n);
  return values.net + charges - values.refund - values.void;
}

/**
 * The same in SQL, of the measure columns of one row: net for the charges that `netCharges` holds, a
 * parameter such as `$5` of type text[]. Made from the kinds of charges, so that a new one is in both.
 */
export function netSql(
  netCharges: string,
  row = "",
  kinds: readonly string[] = chargeKinds,
): string {
  const column = (name: string): string => (row === "" ? name : `${row}.${name}`);
  const charges = kinds.map(
    (kind) =>
      `case when '${kind}' = any(${netCharges}::text[]) then ${column(`charge_${kind}`)} else 0 end`,
  );
  const sales = `${column("net")} - ${column("refund")} - ${column("void")}`;
  return `(${[sales, ...charges].join(" + ")})`;
}
