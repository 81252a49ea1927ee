import { type Logger, readSettings } from "@tillcast/core";
import type { Database } from "@tillcast/core/database";
import type { EventLog } from "@tillcast/event-log";
import { type Balance, proofSettings, takeLook } from "@tillcast/proofs";
import { currencyExponent, formatMinor } from "@tillcast/schemas";
import { type Check, failed, notice, ok } from "./check.ts";

/** Whether orders balance, are counted in time, and come in at all. */
export async function checkOrders(
  deps: {
    readonly pool: Database["service"];
    readonly eventLog: EventLog;
    readonly log: Logger;
  },
  isServed: boolean,
): Promise<Check[]> {
  const limits = readSettings(proofSettings, process.env);
  const look = await takeLook(deps, limits, Date.now());
  const uneven = look.uneven.join("; ");
  const balance =
    uneven === ""
      ? ok("balance", describeBalance(look.balance))
      : failed("balance", `orders do not balance: ${uneven}; see docs/runbook.md`);
  const unreconciled = await checkUnreconciled(deps.pool);
  // Without a server orders wait, and nobody can be heard of.
  if (!isServed) return [balance, unreconciled];
  const late =
    look.late === undefined ? ok("delay", "no order is late") : failed("delay", look.late);
  return [balance, unreconciled, late, intakeCheck(look.feedsExpected, look.silent)];
}

interface UnreconciledRow {
  readonly name: string;
  readonly currency: string;
  readonly orders: number;
  readonly amount: string;
}

/** Of the last seven business dates, by store and currency. */
const selectUnreconciled = `
  select store.name, found.currency, found.orders, found.amount
  from store
  cross join lateral (
    select currency, count(distinct order_key)::int as orders, sum(unreconciled)::text as amount
    from ledger_entry
    where store_id = store.store_id and business_date > current_date - 7 and unreconciled <> 0
    group by currency
  ) found
  order by store.name, found.currency
  limit 20`;

/** Amounts that vendors' own totals have and their bills' parts do not explain. */
async function checkUnreconciled(pool: Database["service"]): Promise<Check> {
  const name = "unreconciled";
  const { rows } = await pool.query<UnreconciledRow>(selectUnreconciled);
  if (rows.length === 0) return ok(name, "every bill of the last 7 days is the sum of its parts");
  const stores = rows.map(({ name: store, currency, orders, amount }) => {
    const shown = formatMinor(BigInt(amount), currencyExponent(currency) ?? 2);
    return `${store}: ${orders} orders, ${shown} ${currency}`;
  });
  return notice(name, `in the last 7 days ${stores.join("; ")}; see docs/runbook.md`);
}

function describeBalance({ partitions, parked }: Balance): string {
  const sum = (of: (one: Balance["partitions"][number]) => bigint) =>
    partitions.reduce((total, one) => total + of(one), 0n);
  const accepted = sum((one) => one.accepted);
  const settled = sum((one) => one.settled);
  const deadLetters = sum((one) => one.deadLetters);
  const waiting = sum((one) => one.waiting);
  return `${accepted} accepted = ${settled} settled + ${deadLetters} set aside + ${waiting} waiting; ${parked} parked`;
}

function intakeCheck(expected: number, silent: string | undefined): Check {
  const name = "intake";
  if (silent !== undefined) return failed(name, silent);
  return expected === 0
    ? notice(name, "no feed is expected to be open now")
    : ok(name, `heard of; ${expected} feeds are expected to be open`);
}
