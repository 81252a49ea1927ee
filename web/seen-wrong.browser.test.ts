import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type FakeServer, startFakeServer } from "./dev/fake-server.ts";
import { oddStores } from "./dev/odd-stores.ts";
import { type Dashboard, openDashboard } from "./testing/open-dashboard.ts";

/** Figures and clock stand still, for these tests read minutes of the day. */
const still = { now: Date.UTC(2026, 10, 21, 13, 40), clockStands: true, ordersPerSecond: 0 };

let dashboard: Dashboard;
let server: FakeServer;

beforeAll(async () => {
  dashboard = await openDashboard();
  server = await startFakeServer({ ...still, made: oddStores });
});
afterAll(async () => {
  await dashboard?.close();
  await server?.close();
});
afterEach(async () => {
  expect(await dashboard.closePages()).toEqual([]);
});

async function openStore(storeId: string, query = "", options = {}): Promise<Page> {
  const page = await dashboard.open(server.url, `/stores/${storeId}${query}`, options);
  await page.locator(".sentence").waitFor();
  return page;
}

const sentenceOf = async (page: Page) => (await page.locator(".sentence").textContent()) ?? "";
const chipOf = async (page: Page) =>
  (await page.locator(".store-heading .fresh").textContent()) ?? "";

/** Amounts of a text in major units, "€4.1k" being 4100. */
function amountsOf(text: string): number[] {
  const factors: Record<string, number> = { k: 1e3, m: 1e6, bn: 1e9 };
  return [...text.matchAll(/€([\d,.]+)(k|m|bn)?/g)].map(
    ([, digits, suffix]) => Number(digits?.replaceAll(",", "")) * (factors[suffix ?? ""] ?? 1),
  );
}

describe("what was seen wrong is said right", () => {
  test("the day never ends below what is counted", async () => {
    const page = await openStore("rushed");
    const [net, low, high] = amountsOf(await sentenceOf(page));
    expect(low).toBeGreaterThanOrEqual(net ?? 0);
    expect(high).toBeGreaterThan(low ?? 0);
  });

  test("a store of three days is not called unusual: too little is known of it", async () => {
    const page = await openStore("young");
    expect(await sentenceOf(page)).toContain(
      "Too little is known yet to say what is usual: 3 of 14 days.",
    );
    const shown = (await page.locator("article.store").textContent()) ?? "";
    expect(shown).not.toMatch(/Unusually|usually €0|%/);
    expect(shown).toContain("Too little known");
  });

  test("inside the range it says as usual, with no percentage, in sentence, tile, hours and list", async () => {
    const page = await openStore("boston");
    expect(await sentenceOf(page)).toMatch(/so far, as usual for/);
    const usual = page.locator('.deviation[data-band="asUsual"]');
    expect(await usual.count()).toBeGreaterThan(2);
    for (const words of await usual.allTextContents()) expect(words).toBe("As usual");
    await page.goto(`${server.url}/stores`);
    await page.getByRole("link", { name: "Beacon Hill" }).waitFor();
    for (const words of await usual.allTextContents()) expect(words).toBe("As usual");
  });

  test("an integrator is told what the role is for, and is neither offline nor refused", async () => {
    const { port } = new URL(server.url);
    await server.close();
    server = await startFakeServer({
      ...still,
      made: oddStores,
      role: "integrator",
      port: Number(port),
    });
    const page = await dashboard.open(server.url, "/");
    await page.getByRole("heading", { name: "You send orders" }).waitFor();
    expect(await page.getByRole("link", { name: "API documentation" }).getAttribute("href")).toBe(
      "/docs",
    );
    await page.waitForTimeout(1_500);
    expect(await page.locator("body").textContent()).not.toMatch(/offline|Not allowed|Connecting/i);
    await server.close();
    server = await startFakeServer({
      ...still,
      made: oddStores,
      port: Number(port),
    });
  });

  test("the hour under way is held against its elapsed part, and that part is shown", async () => {
    const page = await openStore("boston");
    const running = page.locator(".hours tr.is-running");
    expect(await running.count()).toBe(1);
    expect(await running.locator(".expected").textContent()).toMatch(
      /^US\$[\d,]+US\$[\d,]+ by 14:40$/,
    );
  });

  test("a day that is over is told as finished", async () => {
    const page = await openStore("over");
    expect(await sentenceOf(page)).toMatch(/^The day closed at €/);
    const tiles = (await page.locator(".tile").allTextContents()).join(" ");
    expect(tiles).toMatch(/Net sales/);
    expect(tiles).toMatch(/Expected for the day/);
    expect(tiles).not.toMatch(/so far|Likely end|Expected now/);
  });

  test("an imported store says until when, and draws no zeros", async () => {
    const page = await openStore("imported");
    expect(await chipOf(page)).toBe("Imported to 31 Dec 2015");
    await page
      .getByText("The sales of this store were imported, up to 31 December 2015.")
      .waitFor();
    await page.getByRole("link", { name: "Show 31 December 2015" }).waitFor();
    expect(await page.locator(".hours, .chart").count()).toBe(0);
    await page.goto(`${server.url}/stores`);
    const card = page.locator(".store-card, .store-table tr", { hasText: "Imported Shop" });
    await card.getByText("Imported to 31 Dec 2015").waitFor();
  });

  test("a store that never sold says what to do", async () => {
    const page = await openStore("never");
    await page.getByText("This store has no sales yet. Push orders from its till").waitFor();
    expect(await page.locator(".hours, .chart").count()).toBe(0);
  });

  test("a till that sends no heartbeats is quiet, which is said and is no fault", async () => {
    const page = await openStore("quiet");
    expect(await chipOf(page)).toBe("Last order 14:00");
    expect(await page.locator(".store-heading .fresh").getAttribute("data-state")).toBe("quiet");
    expect(await sentenceOf(page)).toMatch(/by 14:00, .*This till sends no heartbeats/);
  });
});
