import { setTimeout as pause } from "node:timers/promises";
import { openScope } from "@tillcast/core";
import { loadOrders } from "@tillcast/simulator";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LoadBalancer, openLoadBalancer } from "../support/load-balancer.ts";
import { waitUntil } from "../support/processes.ts";
import { pushWithoutFailure } from "../support/push-without-failure.ts";
import { makeRestClient } from "../support/rest-client.ts";
import {
  openRollingInstallation,
  type RollingInstallation,
} from "../support/rolling-installation.ts";
import type { ServiceProcess } from "../support/service-process.ts";

const seed = Number(process.env.TILLCAST_TEST_SEED ?? Date.now() % 1_000_000);
/** More than any machine pushes while everything is restarted. */
const orderCount = 1_000_000;
/** Between two restarts, so that each meets a load that flows. */
const betweenMs = 500;
const batchesBeforeMs = 60_000;

const scope = openScope();
let rolling: RollingInstallation;
let balancer: LoadBalancer;

beforeAll(async () => {
  console.log(`rolling restart: seed ${seed}`);
  rolling = await openRollingInstallation(scope);
  balancer = await openLoadBalancer(scope);
});
afterAll(() => scope.close());

test("each process is restarted in its turn under load; every push is answered, every order counted once", async () => {
  const { stores, accountId } = rolling;
  const running: ServiceProcess[] = [];
  for (const name of ["process", "process", "ingest", "ingest", "gateway"]) {
    running.push(await rolling.start(name));
  }
  const intakes = running.filter(({ name }) => name === "ingest");
  await balancer.setBackends(intakes.map(({ url }) => url));
  const span = { fromMs: Date.parse("2026-11-18T00:00:00Z"), spanMs: 48 * 3_600_000 };
  const shares = { editShare: 0.2, duplicateShare: 0.05, lateShare: 0.05 };
  const orders = loadOrders({ seed, orders: orderCount, stores, accountId, ...span, ...shares });
  const load = pushWithoutFailure(makeRestClient(balancer.url, rolling.key), orders, {
    ...{ senders: 3, batchMaxCount: 20, pauseMs: 25 },
  });
  await waitUntil("orders are taken", () => load.acknowledged() > 20, batchesBeforeMs);

  for (const [index, old] of running.entries()) {
    expect(await old.stop(), old.output()).toBe(0);
    running[index] = await rolling.start(old.name, { port: old.port });
    console.log(`${old.name} restarted; ${load.acknowledged()} batches acknowledged`);
    const before = load.acknowledged();
    await waitUntil("more orders are taken", () => load.acknowledged() > before, batchesBeforeMs);
    await pause(betweenMs);
  }

  const pushed = await load.end();
  expect(load.failures()).toEqual([]);
  console.log(`FIGURE rolling restart: ${load.acknowledged()} pushes, none failed`);
  await rolling.expectCounted(pushed);
});
