import { type Database, type EventLog, type Logger, readSettings } from "@tillcast/core";
import { type Balance, streamProcessorSettings, takeLook } from "@tillcast/stream-processors";
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
  const limits = readSettings(streamProcessorSettings, process.env);
  const look = await takeLook(deps, limits, Date.now());
  const uneven = look.uneven.join("; ");
  const balance =
    uneven === ""
      ? ok("balance", describeBalance(look.balance))
      : failed("balance", `orders do not balance: ${uneven}; see docs/runbook.md`);
  // Without a server orders wait, and nobody can be heard of.
  if (!isServed) return [balance];
  const late =
    look.late === undefined ? ok("delay", "no order is late") : failed("delay", look.late);
  return [balance, late, intakeCheck(look.feedsExpected, look.silent)];
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
