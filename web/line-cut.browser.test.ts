import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type FakeServer, startFakeServer } from "./dev/fake-server.ts";
import { type Dashboard, openDashboard } from "./testing/open-dashboard.ts";

const NOW = Date.UTC(2026, 10, 21, 16, 2);

let dashboard: Dashboard;
let server: FakeServer;

beforeAll(async () => {
  dashboard = await openDashboard();
});
afterAll(() => dashboard?.close());
beforeEach(async () => {
  server = await startFakeServer({ now: NOW, ordersPerSecond: 0 });
});
afterEach(async () => {
  expect(await dashboard.closePages()).toEqual([]);
  await server.close();
});

/** Everything that a reader sees of the store's present, in one reading. */
async function readPage(page: Page) {
  return {
    sentence: (await page.locator(".sentence").textContent()) ?? "",
    chip: (await page.locator(".store-heading .fresh").textContent()) ?? "",
    net: await page.getByTestId("net-so-far").getAttribute("data-net"),
    hours: await page.locator(".hours tbody tr").allTextContents(),
    tiles: await page.locator(".tile").allTextContents(),
  };
}

async function openLive(path: string, options = {}): Promise<Page> {
  const page = await dashboard.open(server.url, "/sign-in", options);
  await page.clock.install();
  await page.goto(server.url + path);
  await page.locator(".connection[data-state=live]").waitFor();
  await page.getByTestId("net-so-far").waitFor();
  return page;
}

/** The figure at which the page last spoke of the present, and what it may go on saying. */
function percentOf(sentence: string): string | undefined {
  return /\d+%/.exec(sentence)?.[0];
}

describe("a line that is cut", () => {
  test("for 95 minutes of an offline device invents nothing: no hour, no percentage, no live till", async () => {
    const page = await openLive("/stores/berlin");
    const before = await readPage(page);
    expect(before.chip).toContain("Live");
    await page.context().setOffline(true);
    for (let minutes = 0; minutes < 95; minutes += 5) {
      await page.clock.fastForward("05:00");
      await page.waitForTimeout(200);
      const { sentence, chip, net, hours, tiles } = await readPage(page);
      expect(sentence).toMatch(/^€[\d,]+ by 17:0\d/);
      expect(sentence).toContain("This device is offline and has had no news since then.");
      expect(percentOf(sentence)).toBe(percentOf(before.sentence));
      expect(chip).toMatch(/^Data to 17:0\d$/);
      expect(net).toBe(before.net);
      expect(
        hours.filter((row) => /^1[89]:|^2\d:/.test(row) && /€0/.test(row.slice(0, 16))),
      ).toEqual([]);
      expect(hours.join()).not.toMatch(/100%/);
      expect(tiles.join()).not.toMatch(/so far|Expected now/);
    }
    await page.getByText("This device is offline. Figures are as of").waitFor();
    await page.context().setOffline(false);
    await page.locator(".connection[data-state=live]").waitFor({ timeout: 30_000 });
    await expect.poll(async () => (await readPage(page)).sentence).toContain("so far");
  });

  test("by a server that is gone says that it cannot be reached, and blames neither device nor till", async () => {
    const page = await openLive("/stores/berlin");
    await page.goto(`${server.url}/stores/berlin`);
    await page.locator(".connection[data-state=live]").waitFor();
    await server.close();
    await expect
      .poll(async () => (await readPage(page)).sentence, { timeout: 20_000 })
      .toContain("Tillcast cannot be reached, so there is no news since then.");
    await page.getByText("Tillcast cannot be reached. Figures are as of").waitFor();
    const { chip, sentence } = await readPage(page);
    expect(chip).toMatch(/^Data to /);
    expect(sentence).not.toMatch(/offline|till/);
    const { port } = new URL(server.url);
    server = await startFakeServer({ now: NOW, ordersPerSecond: 0, port: Number(port) });
  });

  test("leaves the list as of its last answer, and says so", async () => {
    const page = await openLive("/stores/berlin", { viewport: { width: 1440, height: 900 } });
    await page.getByRole("banner").getByRole("link", { name: "Stores" }).click();
    await page.locator(".store-table").waitFor();
    await page.context().setOffline(true);
    await page.clock.fastForward("01:35:00");
    await expect
      .poll(() => page.locator(".store-table .fresh").allTextContents())
      .not.toContain(expect.stringContaining("Live"));
    const rows = await page.locator(".store-table tbody tr").allTextContents();
    expect(rows[0]).toContain("This device is offline and has had no news since");
    expect(rows.join()).not.toContain("so far");
    await page.context().setOffline(false);
  });
});
