import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type FakeServer, type FakeServerOptions, startFakeServer } from "./dev/fake-server.ts";
import { fakeStores } from "./dev/fake-stores.ts";
import { type Dashboard, openDashboard } from "./testing/open-dashboard.ts";
import { falsehoods, shownNet, watchPage } from "./testing/watch-page.ts";

let dashboard: Dashboard;
let server: FakeServer;

beforeAll(async () => {
  dashboard = await openDashboard();
});
afterAll(() => dashboard?.close());
afterEach(async () => {
  expect(await dashboard.closePages()).toEqual([]);
  await server?.close();
});

/** A page whose clock the test moves; the server's clock starts with it. */
async function openAt(now: number, options: FakeServerOptions = {}): Promise<Page> {
  server = await startFakeServer({ ordersPerSecond: 0, ...options, now });
  const page = await dashboard.open(server.url, "/sign-in");
  await page.clock.install({ time: now });
  await page.goto(`${server.url}/stores/berlin`);
  await page.locator(".connection[data-state=live]").waitFor();
  return page;
}

/** What REST says of the store's day. */
async function restNet(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const answer = await fetch("/v1/overview");
    const { stores } = (await answer.json()) as { stores: { storeId: string; net: string }[] };
    return stores.find(({ storeId }) => storeId === "berlin")?.net ?? "";
  });
}

describe("while the clock moves", () => {
  test("a device that slept for three hours says nothing of the time in between, and then has it all", async () => {
    const page = await openAt(Date.UTC(2026, 10, 21, 13, 40));
    const before = await shownNet(page);
    const stop = await watchPage(page);
    server.advance(3 * 3_600_000);
    for (let order = 0; order < 20; order += 1) server.sell("berlin", { quietly: true });
    await page.clock.fastForward("03:00:00");
    await expect.poll(() => shownNet(page), { timeout: 30_000 }).not.toBe(before);
    expect(await shownNet(page)).toBe(await restNet(page));
    await expect
      .poll(async () => page.locator(".sentence").textContent())
      .toMatch(/for 17:4\d\.|so far/);
    for (const { sentence, net } of await stop()) {
      expect(sentence).not.toMatch(falsehoods);
      // The old figure is never held against the new hour.
      if (net === before) expect(sentence).not.toMatch(/1[5-7]:\d\d/);
    }
  });

  test("the business day turns to the next one, and nothing of the old is told of the new", async () => {
    // 03:58 in Berlin: two minutes before the day ends.
    const page = await openAt(Date.UTC(2026, 10, 22, 2, 58));
    expect(await page.locator(".store-when").textContent()).toContain("Saturday 21 November");
    const stop = await watchPage(page);
    for (let minute = 0; minute < 4; minute += 1) {
      server.advance(60_000);
      await page.clock.fastForward(60_000);
      await page.waitForTimeout(400);
    }
    await expect
      .poll(async () => page.locator(".store-when").textContent(), { timeout: 20_000 })
      .toContain("Sunday 22 November");
    expect(await shownNet(page)).toBe("0");
    for (const { sentence } of await stop()) expect(sentence).not.toMatch(falsehoods);
  });

  test.each([
    ["back", Date.UTC(2026, 9, 25, 0, 30), "Saturday 24 October", 25, 4],
    ["ahead", Date.UTC(2026, 2, 29, 0, 30), "Saturday 28 March", 23, 2],
  ] as const)(
    "the clock goes %s, and the day has its hours",
    async (_, now, day, hours, halves) => {
      const allNight = fakeStores.map((one) => ({ ...one, opensAt: 0, closesAt: 24 }));
      const page = await openAt(now, { made: allNight });
      expect(await page.locator(".store-when").textContent()).toContain(day);
      const stop = await watchPage(page);
      for (let half = 0; half < halves; half += 1) {
        server.advance(1_800_000);
        await page.clock.fastForward("30:00");
        await page.waitForTimeout(400);
      }
      expect(await page.locator(".store-when").textContent()).toContain(day);
      expect(await page.locator(".hours tbody tr").count()).toBe(hours);
      // Hours and figure add up whatever the clock did.
      const sum = await page.evaluate(() =>
        [...document.querySelectorAll(".hours tbody tr .orders-cell")]
          .map((cell) => Number(cell.textContent.replace("–", "0")))
          .reduce((total, orders) => total + orders, 0),
      );
      expect(await page.locator(".tile:has(h2:text-is('Orders'))").textContent()).toContain(
        String(sum),
      );
      for (const { sentence } of await stop()) expect(sentence).not.toMatch(falsehoods);
    },
  );
});

describe("lines that come and go", () => {
  test("fifty times, and the figure is REST's afterwards, never smaller and never told as now while away", async () => {
    const page = await openAt(Date.UTC(2026, 10, 21, 17, 10));
    const stop = await watchPage(page);
    for (let time = 0; time < 50; time += 1) {
      await page.context().setOffline(true);
      server.sell("berlin");
      await page.waitForTimeout(30);
      await page.context().setOffline(false);
      server.sell("berlin");
      if (time % 5 === 0) await page.clock.fastForward(2_000);
      await page.waitForTimeout(60);
    }
    await page.clock.fastForward(10_000);
    await page.locator(".connection[data-state=live]").waitFor({ timeout: 30_000 });
    await expect.poll(() => shownNet(page)).toBe(await restNet(page));
    const seen = await stop();
    const nets = seen.map(({ net }) => Number(net));
    expect(nets).toEqual(nets.toSorted((a, b) => a - b));
    for (const { sentence, chip, connection } of seen) {
      expect(sentence).not.toMatch(falsehoods);
      if (/^Data to/.test(chip)) expect(connection).not.toBe("live");
    }
  });

  test("two tabs of one browser show the same", async () => {
    const page = await openAt(Date.UTC(2026, 10, 21, 17, 10));
    const other = await page.context().newPage();
    await other.goto(`${server.url}/stores/berlin`);
    await other.locator(".connection[data-state=live]").waitFor();
    for (let order = 0; order < 10; order += 1) server.sell("berlin");
    const net = await restNet(page);
    for (const tab of [page, other]) await expect.poll(() => shownNet(tab)).toBe(net);
  });
});
