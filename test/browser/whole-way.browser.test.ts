import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openScope } from "@tillcast/core";
import type { OrderPushInput, SalesResponse } from "@tillcast/schemas";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { root } from "../house/sources.ts";
import { aBill } from "../support/a-bill.ts";
import { type Cafe, makeCafe } from "../support/make-cafe.ts";
import {
  accessibilityFaults,
  openBrowser,
  openPage,
  type WatchedPage,
} from "../support/open-browser.ts";
import { databaseOf, type ProcessTree, startProcessTree } from "../support/process-tree.ts";
import { killAll } from "../support/processes.ts";
import { freePort } from "../support/product.ts";
import { makeRestClient, type RestClient } from "../support/rest-client.ts";

const password = "correct horse battery";
/** From a push to the pixel; generous, since figures are the benches' business. */
const shownMaxMs = 15_000;
const reconnectMaxMs = 60_000;
/** Pixels that a page has left of the window's width; below zero it scrolls sideways. */
const spareWidth = "innerWidth - document.documentElement.scrollWidth";

const scope = openScope();
let options: { readonly dataDir: string; readonly port: number };
let tree: ProcessTree;
let browser: Browser;
let desktop: WatchedPage;
let client: RestClient;
let cafe: Cafe;

beforeAll(async () => {
  execFileSync(process.execPath, [join(root, "web/build-if-changed.ts")]);
  browser = await openBrowser();
  scope.defer(() => browser.close());
  const dataDir = await mkdtemp(join(tmpdir(), "tillcast-browser-"));
  scope.defer(() => rm(dataDir, { recursive: true, force: true }));
  scope.defer(() => killAll(databaseOf(dataDir)));
  options = { dataDir, port: await freePort() };
  scope.defer(() => tree?.killAll());
  tree = await startProcessTree(options);
  cafe = await makeCafe(options);
  client = makeRestClient(tree.url, cafe.key);
  desktop = await openPage(browser, {
    viewport: { width: 1280, height: 900 },
    colorScheme: "light",
  });
});
afterAll(() => scope.close());

test("the link that was made signs its owner in, and the only store opens, empty", async () => {
  const { page } = desktop;
  await page.goto(cafe.link);
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByLabel("New password").fill(password);
  await page.getByRole("button", { name: "Save and continue" }).click();
  await page.getByRole("heading", { name: cafe.name, level: 1 }).waitFor();
  expect(new URL(page.url()).pathname).toBe(`/stores/${cafe.storeId}`);
  expect(await shownNet()).toBe("0");
  await page.locator(".connection[data-state=live]").waitFor();
});

test("the link works once, and email and password sign in from then on", async () => {
  const { page, context, complaints } = await openPage(browser);
  await page.goto(cafe.link);
  await page.getByRole("button", { name: "Continue without a password" }).click();
  await page.getByRole("alert").getByText("used up").waitFor();
  await page.goto(`${tree.url}/stores/${cafe.storeId}`);
  await page.getByLabel("Email").fill(cafe.email);
  await page.getByLabel("Password").fill("not the password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("alert").getByText("do not match").waitFor();
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: cafe.name, level: 1 }).waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

test("a pushed order, its edit and its void move the number to exactly what the API says", async () => {
  const order = billOfNow();
  const other = billOfNow();
  await pushed(other);
  expect(await pageEqualsApi()).toBe("1250");
  await pushed(order);
  expect(await pageEqualsApi()).toBe("2500");
  const lines: OrderPushInput["lines"] = [
    { key: "1", name: "Soup", gross: "1250", discount: "251", tax: "160" },
  ];
  await pushed({ ...order, lines, version: { vendorVersion: 2 } });
  expect(await pageEqualsApi()).toBe("2249");
  const voidedAt = new Date().toISOString();
  await pushed({ ...order, lines, status: "voided", voidedAt, version: { vendorVersion: 3 } });
  expect(await pageEqualsApi()).toBe("1250");
});

test("an unpaid table stands apart, and counts when it is paid", async () => {
  const order = billOfNow();
  const unpaid = { closedAt: null, paidAt: null, payments: [], status: "open" } as const;
  await pushed({ ...order, ...unpaid, payments: [] });
  const open = desktop.page.locator(".tile-apart");
  await open.getByText("€13").waitFor();
  expect(await pageEqualsApi()).toBe("1250");
  await pushed({ ...order, version: { vendorVersion: 2 } });
  expect(await pageEqualsApi()).toBe("2500");
});

test("a reload shows the same", async () => {
  const before = await shownNet();
  await desktop.page.reload();
  expect(await pageEqualsApi()).toBe(before);
});

test("the drill-down of the day and of each hour sums to the figure that it explains", async () => {
  const { page } = desktop;
  const figures = [page.getByRole("button", { name: /Show the orders behind it/ })];
  for (const hour of await page.getByRole("button", { name: /^Show the orders of/ }).all()) {
    figures.push(hour);
  }
  expect(figures.length).toBeGreaterThan(1);
  for (const figure of figures.slice(0, 1).concat(figures.slice(-2))) {
    await figure.click();
    await page.locator(".proof[data-equal=true]").waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.locator("dialog").waitFor({ state: "detached" });
  }
  await figures[0]?.click();
  await page.locator(".proof[data-equal=true]").waitFor();
  const amounts = await page.locator("summary .entry-net").allTextContents();
  const cents = amounts.map((amount) => Number(amount.replaceAll("−", "-").replace(/[^\d-]/g, "")));
  expect(String(cents.reduce((sum, amount) => sum + amount, 0))).toBe(await shownNet());
  await page.keyboard.press("Escape");
});

test.each(["stop", "sudden death"])(
  "after a %s of the server the page says so, keeps its figures, and catches up",
  async (end) => {
    const { page } = desktop;
    const before = await shownNet();
    if (end === "stop") await tree.stop();
    else await tree.killAll();
    await page.locator(".connection[data-state=offline]").waitFor({ timeout: reconnectMaxMs });
    expect(await shownNet()).toBe(before);
    tree = await startProcessTree(options);
    // Before the page is back, so that it has something to catch up with.
    await pushed(billOfNow());
    await page.locator(".connection[data-state=live]").waitFor({ timeout: reconnectMaxMs });
    expect(await pageEqualsApi()).toBe(String(Number(before) + 1250));
    await pushed(billOfNow());
    expect(await pageEqualsApi()).toBe(String(Number(before) + 2500));
  },
);

test.each([
  ["a phone by day", 390, "light"],
  ["a phone at night", 390, "dark"],
  ["a desktop by day", 1440, "light"],
  ["a desktop at night", 1440, "dark"],
] as const)(
  "on %s every page fits, is accessible to all, and complains of nothing",
  async (_, width, colorScheme) => {
    const { page, context, complaints } = await openPage(browser, {
      viewport: { width, height: 844 },
      colorScheme,
      isMobile: width < 500,
      hasTouch: width < 500,
    });
    await page.goto(`${tree.url}/stores/${cafe.storeId}`);
    await page.getByLabel("Email").waitFor();
    await looksRight();
    await page.getByLabel("Email").fill(cafe.email);
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByTestId("net-so-far").waitFor();
    await looksRight();
    await page.goto(`${tree.url}/stores`);
    await page.getByRole("link", { name: cafe.name }).waitFor();
    await looksRight();
    expect(complaints).toEqual([]);
    await context.close();

    async function looksRight(): Promise<void> {
      expect(await accessibilityFaults(page), page.url()).toEqual([]);
      const spare = await page.evaluate<number>(spareWidth);
      expect(spare, page.url()).toBeGreaterThanOrEqual(0);
    }
  },
);

test("in all this time no script failed and no policy was broken", () => {
  expect(desktop.complaints).toEqual([]);
});

function billOfNow(): OrderPushInput {
  return aBill(cafe.storeId, { paidAt: new Date(Date.now() - 60_000).toISOString() });
}

async function pushed(order: OrderPushInput): Promise<void> {
  expect((await client.push(order)).body).toMatchObject({ accepted: 1 });
  await client.settled(order);
}

function shownNet(): Promise<string | null> {
  return desktop.page.getByTestId("net-so-far").getAttribute("data-net");
}

/** Waits until the page shows the version that the API has, and answers the net that both then say. */
async function pageEqualsApi(): Promise<string | null> {
  const today = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  const path = `/v1/stores/${cafe.storeId}/sales?grain=business-day&from=${today}&to=${tomorrow}`;
  const { body } = await client.get<SalesResponse>(path);
  const figure = desktop.page.getByTestId("net-so-far");
  await expect
    .poll(async () => Number(await figure.getAttribute("data-seq")), { timeout: shownMaxMs })
    .toBeGreaterThanOrEqual(body.cursor.windows);
  const net = body.windows.reduce((sum, window) => sum + BigInt(window.net), 0n);
  expect(await shownNet()).toBe(String(net));
  return String(net);
}
