import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { createApiKey } from "@tillcast/accounts";
import type { Scope } from "@tillcast/core";
import { ensureSimulatedTenant, loadOrders, simulatedStores } from "@tillcast/simulator";
import { openBenchInstallation } from "./support/bench-installation.ts";
import { percentiles } from "./support/percentile.ts";
import { pushAll, pushAtRate } from "./support/push-load.ts";
import { tenantId } from "./support/snapshots.ts";

const runFile = fileURLToPath(new URL("./support/run-intake.ts", import.meta.url));
const ordersPerBody = 100;
const warmUpBodies = 30;
const measuredBodies = 600;
const senders = 8;
const steady = { ordersPerSecond: 1_000, seconds: 10, ordersPerBody: 10 };

/** Durable acceptance through `POST /v1/orders`, with intake and database alone; sender on the same machine. */
export default async function benchAcceptance(scope: Scope): Promise<Record<string, unknown>> {
  const { url, env, database } = await openBenchInstallation(scope);
  const stores = simulatedStores(50);
  await ensureSimulatedTenant(database.service, {
    tenantId,
    name: "Bench",
    isDemo: false,
    accountId: "bench",
    stores,
  });
  const { key } = await createApiKey(database.service, { tenantId, scopes: ["orders:write"] });
  const intake = fork(runFile, [url], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  scope.defer(() => {
    intake.disconnect();
  });
  const [line] = await once(intake.stdout ?? intake, "data");
  const target = { address: String(line).trim(), key };

  const fastOrders = (warmUpBodies + measuredBodies) * ordersPerBody;
  const steadyOrders = steady.ordersPerSecond * steady.seconds;
  const load = {
    seed: 7,
    stores,
    accountId: "bench",
    fromMs: Date.now() - 86_400_000,
    spanMs: 80_000_000,
  };
  const orders = [...loadOrders({ ...load, orders: fastOrders + steadyOrders })];
  const bodies = inBodies(orders.slice(0, fastOrders), ordersPerBody);
  const steadyBodies = inBodies(orders.slice(fastOrders), steady.ordersPerBody);
  await pushAll(target, bodies.slice(0, warmUpBodies), senders, ordersPerBody);

  const startedAt = performance.now();
  const answers = await pushAll(target, bodies.slice(warmUpBodies), senders, ordersPerBody);
  const seconds = (performance.now() - startedAt) / 1_000;
  const bodiesPerSecond = steady.ordersPerSecond / steady.ordersPerBody;
  const atRate = await pushAtRate(target, steadyBodies, {
    bodiesPerSecond,
    ordersPerBody: steady.ordersPerBody,
  });
  return {
    "orders a second, batches of 100": Math.round((measuredBodies * ordersPerBody) / seconds),
    "answers other than 200": [...answers, ...atRate].filter(({ status }) => status !== 200).length,
    "at 1,000 orders/s, p50 / p95 / p99 ms": percentiles(
      atRate.map(({ durationMs }) => durationMs),
    ),
  };
}

function inBodies(orders: readonly unknown[], size: number): string[] {
  const bodies: string[] = [];
  for (let from = 0; from < orders.length; from += size) {
    bodies.push(JSON.stringify(orders.slice(from, from + size)));
  }
  return bodies;
}
