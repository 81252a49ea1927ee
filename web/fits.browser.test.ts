import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type FakeServer, startFakeServer } from "./dev/fake-server.ts";
import { fakeStores } from "./dev/fake-stores.ts";
import { oddStores } from "./dev/odd-stores.ts";
import { type Dashboard, openDashboard } from "./testing/open-dashboard.ts";

const NOW = Date.UTC(2026, 10, 21, 13, 40);

let dashboard: Dashboard;
let server: FakeServer;

beforeAll(async () => {
  dashboard = await openDashboard();
  const made = [...fakeStores, ...oddStores];
  server = await startFakeServer({ now: NOW, clockStands: true, ordersPerSecond: 0, made });
});
afterAll(async () => {
  await dashboard?.close();
  await server?.close();
});
afterEach(async () => {
  expect(await dashboard.closePages()).toEqual([]);
});

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const overflowOf = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
const open = async (path: string, options = {}) => {
  const page = await dashboard.open(server.url, path, options);
  await page.locator("h1").first().waitFor();
  return page;
};

describe("what is long, huge, right to left or ambiguous", () => {
  test.each([320, 390, 640])("fits a screen of %i pixels, offline too", async (width) => {
    for (const path of ["/stores/long", "/stores/arabic", "/stores/never", "/stores"]) {
      const page = await open(path, { viewport: { width, height: 844 } });
      await page.waitForTimeout(400);
      expect(await overflowOf(page), path).toBeLessThanOrEqual(0);
      await page.context().setOffline(true);
      await page.getByText("This device is offline. Figures are").waitFor();
      expect(await overflowOf(page), `${path}, offline`).toBeLessThanOrEqual(0);
      await page.context().close();
    }
  });

  test("an Arabic name does not turn what stands beside it around", async () => {
    const page = await open("/stores", { viewport: { width: 1440, height: 900 } });
    const row = page.locator(".store-table tr", { hasText: "الشرق" });
    const name = await row.locator("bdi").boundingBox();
    const time = await row.locator(".store-time").boundingBox();
    if (name === null || time === null) throw new Error("the row is not drawn");
    // After the name in the direction of the page: at its right, or on the line below.
    const isBeside = time.x >= name.x + name.width - 1;
    expect(isBeside || time.y > name.y).toBe(true);
    expect(await row.locator(".store-time").textContent()).toBe("16:40 GMT+3");
  });

  test("dollars of two countries are told apart where they stand in one list", async () => {
    const page = await open("/stores", { viewport: { width: 1440, height: 900 } });
    const netOf = (name: string) =>
      page.locator(".store-table tr", { hasText: name }).locator(".store-net").textContent();
    expect(await netOf("Bondi")).toMatch(/^A\$/);
    expect(await netOf("Beacon Hill")).toMatch(/^US\$/);
  });
});

describe("a phone", () => {
  test("holds sentence, three tiles and chart in its first fold, then this hour and the next two", async () => {
    const page = await open("/stores/berlin", phone);
    await page.locator(".chart-canvas canvas").waitFor();
    const bottomOf = async (selector: string) => {
      const box = await page.locator(selector).boundingBox();
      return (box?.y ?? Number.NaN) + (box?.height ?? Number.NaN);
    };
    expect(await page.locator(".tiles").first().locator(".tile").count()).toBe(3);
    expect(await bottomOf(".chart-canvas")).toBeLessThanOrEqual(844);
    const next = page.locator(".next-hours li");
    expect(await next.count()).toBe(3);
    expect(await next.first().textContent()).toMatch(/so far, about €\d+ is usual by now/);
    expect(await overflowOf(page)).toBeLessThanOrEqual(0);
  });

  test("opens a definition by a tap", async () => {
    const page = await open("/stores/berlin", phone);
    await page.getByRole("button", { name: /^Net so far/ }).tap();
    await page.getByText("with the charges that count as sales").waitFor();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  });
});

describe("keys", () => {
  test("find a store, step through the stores, and list themselves", async () => {
    const page = await open("/stores/berlin");
    await page.keyboard.press("/");
    await page.getByRole("searchbox").fill("ribe");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Ribeira" }).waitFor();
    await page.keyboard.press("Control+k");
    await page.getByRole("searchbox").waitFor();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.locator("dialog").waitFor({ state: "detached" });
    await page.keyboard.press("j");
    await page.getByRole("heading", { name: "Salmiya" }).waitFor();
    await page.keyboard.press("k");
    await page.getByRole("heading", { name: "Ribeira" }).waitFor();
    await page.keyboard.press("?");
    await page.getByRole("dialog").getByText("Day before, next day").waitFor();
  });
});

test("F fills the screen with the plain page, and gives it back", async () => {
  const page = await open("/stores/berlin");
  const filled = () => page.evaluate(() => document.fullscreenElement?.tagName ?? null);
  await page.locator(".chart-canvas canvas").waitFor();
  await page.keyboard.press("f");
  await expect.poll(filled).toBe("HTML");
  expect(await page.locator(".sentence").isVisible()).toBe(true);
  await page.keyboard.press("f");
  await expect.poll(filled).toBe(null);
});

test("forced colours keep the selection of the rail visible", async () => {
  const page = await open("/stores/berlin", {
    viewport: { width: 1440, height: 900 },
    forcedColors: "active",
  });
  const style = await page
    .locator(".rail-store[aria-current]")
    .evaluate((link) => getComputedStyle(link).outlineStyle);
  expect(style).toBe("solid");
});

test("on paper the day stands without anything to press", async () => {
  const page = await open("/stores/berlin");
  await page.emulateMedia({ media: "print" });
  expect(await page.locator(".sentence").isVisible()).toBe(true);
  expect(await page.locator(".hours table").isVisible()).toBe(true);
  for (const hidden of [".header", ".day-stepper", ".chart-toggles"]) {
    expect(await page.locator(hidden).isVisible(), hidden).toBe(false);
  }
});

test("a bill is proved to the last cent: its parts add up to its net", async () => {
  const page = await open("/stores/berlin");
  await page.getByRole("button", { name: /Show the orders behind it/ }).click();
  await page.locator(".proof[data-equal=true]").waitFor();
  const bill = page.locator(".entry-row").first();
  await bill.locator("summary").click();
  const cents = async (selector: string) =>
    (await bill.locator(selector).allTextContents()).map((text) =>
      Number(text.replace("−", "-").replace(/[^\d-]/g, "")),
    );
  const parts = await cents(".bill-sum div:not(.bill-net) dd");
  const [net] = await cents(".bill-net dd");
  expect(parts.length).toBeGreaterThan(1);
  expect(parts.reduce((sum, part) => sum + part, 0)).toBe(net);
  expect(await cents("summary .entry-net")).toEqual([net]);
  expect(await bill.locator(".bill-apart").textContent()).toMatch(/^Not in net: tax €.*, tip €/);
});
