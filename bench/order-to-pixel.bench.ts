import { createApiKey } from "@tillcast/accounts";
import type { Scope } from "@tillcast/core";
import { openDatabase } from "@tillcast/core/database";
import { ensureSimulatedTenant, loadOrders, simulatedStores } from "@tillcast/simulator";
import { type Browser, chromium, type Page } from "playwright-core";
import { ownerSession } from "./support/owner-session.ts";
import { percentiles } from "./support/percentile.ts";
import { pushAtRate } from "./support/push-load.ts";
import { tenantId } from "./support/snapshots.ts";
import { startProduct } from "./support/start-product.ts";
import { askedNumber } from "./support/world.ts";

const ordersPerSecond = askedNumber("rate", 1_000);
const seconds = 30;
const ordersPerBody = 10;
const storeCount = 20;
const chromiumArguments = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * From an order's receipt to the frame that shows it, with everything on this machine: the product, the
 * sender and a browser that watches one store. The page marks each update when it was drawn.
 */
export default async function benchOrderToPixel(scope: Scope): Promise<Record<string, unknown>> {
  const { address, url } = await startProduct(scope);
  const database = openDatabase({ url, applicationName: "bench" });
  scope.defer(() => database.close());
  const stores = simulatedStores(storeCount);
  await ensureSimulatedTenant(database.service, {
    tenantId,
    name: "Bench",
    isDemo: false,
    accountId: "bench",
    stores,
  });
  const { key } = await createApiKey(database.service, {
    tenantId,
    scopes: ["orders:write", "sales:read"],
  });
  const token = await ownerSession(database.service, tenantId);

  const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: chromiumArguments,
  });
  scope.defer(() => browser.close());
  const page = await openStore(browser, address, token, stores[0]?.storeId ?? "");
  const startedAt = Date.now();
  const spanMs = seconds * 1_000;
  const orders = loadOrders({
    seed: 11,
    orders: ordersPerSecond * seconds,
    stores,
    accountId: "bench",
    fromMs: startedAt - spanMs - 400_000,
    spanMs,
  });
  const target = { address, key };
  const answers = await pushAtRate(target, inBodies(orders), {
    bodiesPerSecond: ordersPerSecond / ordersPerBody,
    ordersPerBody,
  });
  const sentSeconds = (Date.now() - startedAt) / 1_000;
  await page.waitForTimeout(2_000);
  const delays = await page.evaluate(() =>
    (globalThis as unknown as { tillcastDelays: number[] }).tillcastDelays.slice(),
  );
  return {
    "orders a second, sent": Math.round((answers.length * ordersPerBody) / sentSeconds),
    "answers other than 200": answers.filter(({ status }) => status !== 200).length,
    "accepted in ms, p50 / p95 / p99": percentiles(answers.map(({ durationMs }) => durationMs)),
    "updates drawn": delays.length,
    "receipt to pixel in ms, p50 / p95 / p99": percentiles(delays),
  };
}

/** What the page marks when an update was drawn. */
interface AppliedMark {
  readonly startTime: number;
  readonly detail: { readonly receivedAt: number | null };
}

/** Opens a store's page, which from then on gathers how old each update was when it was drawn. */
async function openStore(
  browser: Browser,
  address: string,
  token: string,
  storeId: string,
): Promise<Page> {
  const context = await browser.newContext();
  await context.addCookies([{ name: "tillcast_session", value: token, url: address }]);
  const page = await context.newPage();
  await page.addInitScript(() => {
    const delays: number[] = [];
    (globalThis as unknown as { tillcastDelays: number[] }).tillcastDelays = delays;
    new PerformanceObserver((list) => {
      for (const mark of list.getEntriesByName("tillcast:applied") as unknown as AppliedMark[]) {
        const { receivedAt } = mark.detail;
        if (receivedAt) delays.push(performance.timeOrigin + mark.startTime - receivedAt);
      }
    }).observe({ entryTypes: ["mark"] });
  });
  await page.goto(`${address}/stores/${storeId}`);
  await page.waitForTimeout(3_000);
  return page;
}

function* inBodies(orders: Iterable<unknown>): Generator<string> {
  let body: unknown[] = [];
  for (const order of orders) {
    body.push(order);
    if (body.length < ordersPerBody) continue;
    yield JSON.stringify(body);
    body = [];
  }
}
