import { setTimeout as pause } from "node:timers/promises";
import { createApiKey } from "@tillcast/accounts";
import type { Scope } from "@tillcast/core";
import { openDatabase } from "@tillcast/core/database";
import { ensureSimulatedTenant, loadOrders, simulatedStores } from "@tillcast/simulator";
import type { Pool } from "pg";
import { tenantId } from "./support/snapshots.ts";
import { startProduct } from "./support/start-product.ts";
import { askedNumber } from "./support/world.ts";

const ordersPerBody = 100;
const senders = 8;
const overloadTimes = 5;
/** More than one, so that one key's allowance is not all that holds. */
const keyCount = 4;
/** Requests without an answer; beyond it the sender waits, and offers less than it should. */
const inFlightMax = 400;
const normalAfterMaxMs = 60_000;
/** Taken and counted within this is how it is on a day without overload. */
const normalDelayMs = 1_000;
const normalInRow = 5;
const pollMs = 20;

/**
 * Five times what the whole product accepts, for a minute: what it answers, whether all that it
 * acknowledged is counted, and when it is normal again. `--seconds=N`.
 */
export default async function benchOverload(scope: Scope): Promise<Record<string, unknown>> {
  const seconds = askedNumber("seconds", 60);
  const { address, url } = await startProduct(scope);
  const database = openDatabase({ url, applicationName: "bench" });
  scope.defer(() => database.close());
  const stores = simulatedStores(20);
  const tenant = { tenantId, name: "Bench", isDemo: false, accountId: "bench", stores };
  await ensureSimulatedTenant(database.service, tenant);
  const keys: string[] = [];
  while (keys.length < keyCount) {
    const made = await createApiKey(database.service, { tenantId, scopes: ["orders:write"] });
    keys.push(made.key);
  }
  const template = JSON.stringify([
    ...loadOrders({
      seed: 13,
      orders: ordersPerBody,
      stores,
      accountId: "bench",
      fromMs: Date.now() - 3_600_000,
      spanMs: 1_800_000,
    }),
  ]);
  const answers = new Map<string, number>();
  let acknowledged = 0;
  let sent = 0;
  /** Sends a body of new orders; true when it was taken. */
  const push = async (body: string): Promise<boolean> => {
    sent += 1;
    const answer = await answerOf(address, keys[sent % keyCount] ?? "", body);
    answers.set(answer.kind, (answers.get(answer.kind) ?? 0) + 1);
    acknowledged += answer.accepted;
    return answer.kind === "200";
  };
  const bodyOf = (orders: string) =>
    orders.replaceAll('"orderId":"', `"orderId":"b${String(sent)}-`);
  const isCounted = async () => (await countedOrders(database.service)) >= acknowledged;

  const capacity = await acceptedPerSecond(() => push(bodyOf(template)));
  answers.clear();
  const offered = await offer(overloadTimes * capacity, seconds, () => push(bodyOf(template)));
  const endedAt = performance.now();
  const during = [...answers].sort().map(([kind, count]) => `${count} x ${kind}`);
  const one = JSON.stringify([JSON.parse(template)[0]]);
  const normalAfter = await untilNormal(() => push(bodyOf(one)), isCounted);
  while (!(await isCounted()) && performance.now() - endedAt < normalAfterMaxMs) {
    await pause(pollMs);
  }
  return {
    "accepted orders a second before": Math.round(capacity),
    "offered orders a second": Math.round(offered),
    "offered to accepted": (offered / capacity).toFixed(1),
    "answers during overload": during.join(", "),
    "acknowledged orders": acknowledged,
    "counted beyond what was acknowledged": (await countedOrders(database.service)) - acknowledged,
    "normal again after s": normalAfter,
  };
}

/** What a request came to; anything but 200 and a refusal with `Retry-After` is named as it is. */
async function answerOf(address: string, key: string, body: string) {
  try {
    const response = await fetch(`${address}/v1/orders`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
      body,
    });
    const { accepted = 0 } = (await response.json()) as { accepted?: number };
    if (response.status === 200) return { kind: "200", accepted };
    const named = response.headers.get("retry-after") === null ? "without" : "with";
    return { kind: `${response.status} ${named} Retry-After`, accepted: 0 };
  } catch (error) {
    return {
      kind: error instanceof Error ? `no answer: ${error.message}` : "no answer",
      accepted: 0,
    };
  }
}

/** What the product takes from senders that wait for their answers. */
async function acceptedPerSecond(push: () => Promise<boolean>): Promise<number> {
  const warmUpMs = 3_000;
  const measuredMs = 10_000;
  const startedAt = performance.now();
  let accepted = 0;
  const send = async () => {
    for (;;) {
      const taken = await push();
      const elapsedMs = performance.now() - startedAt;
      if (elapsedMs > warmUpMs + measuredMs) return;
      if (taken && elapsedMs > warmUpMs) accepted += ordersPerBody;
    }
  };
  await Promise.all(Array.from({ length: senders }, send));
  return (accepted * 1_000) / measuredMs;
}

/** Sends at a rate, whatever is answered; answers the rate that it came to. */
async function offer(
  ordersPerSecond: number,
  seconds: number,
  push: () => Promise<boolean>,
): Promise<number> {
  const startedAt = performance.now();
  const inFlight = new Set<Promise<void>>();
  let bodies = 0;
  for (;;) {
    const elapsed = (performance.now() - startedAt) / 1_000;
    if (elapsed > seconds) break;
    if ((bodies * ordersPerBody) / ordersPerSecond > elapsed) {
      await pause(1);
      continue;
    }
    bodies += 1;
    const one = push().then(() => {
      inFlight.delete(one);
    });
    inFlight.add(one);
    if (inFlight.size >= inFlightMax) await Promise.race(inFlight);
  }
  const rate = (bodies * ordersPerBody) / seconds;
  await Promise.all(inFlight);
  return rate;
}

/** Seconds until single orders are again taken and counted within a second, several in a row. */
async function untilNormal(
  push: () => Promise<boolean>,
  isCounted: () => Promise<boolean>,
): Promise<string> {
  const startedAt = performance.now();
  let normalFrom = startedAt;
  let inRow = 0;
  while (inRow < normalInRow) {
    const sentAt = performance.now();
    if (sentAt - startedAt > normalAfterMaxMs) return `more than ${normalAfterMaxMs / 1_000}`;
    let isNormal = false;
    if (await push()) {
      while (!isNormal && performance.now() - sentAt < normalDelayMs) {
        isNormal = await isCounted();
        if (!isNormal) await pause(pollMs);
      }
    } else await pause(pollMs);
    if (isNormal && inRow === 0) normalFrom = sentAt;
    inRow = isNormal ? inRow + 1 : 0;
  }
  return ((normalFrom - startedAt) / 1_000).toFixed(1);
}

async function countedOrders(pool: Pool): Promise<number> {
  const { rows } = await pool.query(
    "select coalesce(sum(orders), 0)::int as orders from rollup_day",
  );
  return rows[0].orders;
}
