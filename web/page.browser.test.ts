import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { FIRST_ROUTE_BYTES_MAX, firstRouteSizes } from "./check-size.ts";
import { type FakeServer, startFakeServer } from "./dev/fake-server.ts";

const executablePath = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
const args = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"];
const NOW = Date.UTC(2026, 10, 21, 13, 40);

/** The page alone, against canned stores and under the strict content security policy. */
describe("the dashboard in a browser", () => {
  let server: FakeServer;
  let browser: Browser;
  const contexts: BrowserContext[] = [];
  const complaints: string[] = [];

  beforeAll(async () => {
    execFileSync(process.execPath, [join(import.meta.dirname, "build-if-changed.ts")]);
    server = await startFakeServer({ now: NOW, ordersPerSecond: 4 });
    browser = await chromium.launch({ executablePath, args });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });
  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close();
    expect(complaints.splice(0)).toEqual([]);
  });

  async function open(path: string, options: Record<string, unknown> = {}): Promise<Page> {
    const context = await browser.newContext({ locale: "en-GB", ...options });
    contexts.push(context);
    await context.addCookies([{ name: "fake", value: "1", url: server.url }]);
    const page = await context.newPage();
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      if (message.text().includes("Content Security Policy")) complaints.push(message.text());
    });
    await page.goto(server.url + path);
    return page;
  }

  test("shows every update's figure, and marks the moment it is drawn", async () => {
    const page = await open("/stores/berlin");
    const figure = page.getByTestId("net-so-far");
    await figure.waitFor();
    const first = Number(await figure.getAttribute("data-seq"));
    await expect
      .poll(async () => Number(await figure.getAttribute("data-seq")))
      .toBeGreaterThan(first + 3);
    const shown = {
      seq: await figure.getAttribute("data-seq"),
      net: await figure.getAttribute("data-net"),
    };
    expect(shown.net).toMatch(/^\d+$/);
    const seqs = await page.evaluate(() =>
      performance
        .getEntriesByName("tillcast:applied")
        .map((mark) => (mark as PerformanceMark).detail.seq as number),
    );
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
    expect(seqs.length).toBeGreaterThan(3);
  });

  test("proves a figure: the entries behind it add up to it", async () => {
    const page = await open("/stores/porto");
    await page.getByRole("button", { name: /Show the orders of 11:00/ }).click();
    await page.locator(".proof[data-equal=true]").waitFor();
    await page.keyboard.press("Escape");
    await page.locator("dialog").waitFor({ state: "detached" });
    const focused = await page.evaluate(() => document.activeElement?.textContent);
    expect(focused).toContain("Show the orders of 11:00");
  });

  test("keeps its figures when the line drops, says so, and catches up", async () => {
    const page = await open("/stores/berlin");
    await page.locator(".connection[data-state=live]").waitFor();
    const { port } = new URL(server.url);
    await server.close();
    await page.locator(".connection[data-state=offline]").waitFor({ timeout: 15_000 });
    expect(await page.getByTestId("net-so-far").isVisible()).toBe(true);
    server = await startFakeServer({ now: NOW, ordersPerSecond: 4, port: Number(port) });
    await page.locator(".connection[data-state=live]").waitFor({ timeout: 30_000 });
  });

  test("leads a stranger to sign in, and back to where they wanted to go", async () => {
    const page = await open("/stores/porto");
    await page.context().clearCookies();
    await page.goto(`${server.url}/stores/porto?grain=hour`);
    await page.getByLabel("Email").fill("owner@example.com");
    await page.getByLabel("Password").fill("wrong");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("alert").waitFor();
    await page.getByLabel("Password").fill("correct horse");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: "Ribeira" }).waitFor();
    expect(page.url()).toContain("/stores/porto?grain=hour");
  });

  test("is read by keyboard: arrows move through the chart, T shows the table", async () => {
    const page = await open("/stores/porto");
    await page.getByRole("img", { name: /Chart of net sales/ }).focus();
    await page.keyboard.press("ArrowRight");
    await expect
      .poll(() => page.locator(".chart [aria-live]").textContent())
      .toContain("12:45–13:00");
    await page.keyboard.press("Home");
    await expect
      .poll(() => page.locator(".chart [aria-live]").textContent())
      .toContain("09:00–09:15");
    await page.keyboard.press("t");
    await page.locator(".chart-table").waitFor();
    expect(page.url()).toContain("view=table");
  });

  test("leads through the days by buttons and keys, and keeps how the chart is looked at", async () => {
    const page = await open("/stores/berlin?grain=hour");
    await page.getByRole("button", { name: "Previous day" }).click();
    await page.getByText(/on Friday 20 November 2026/).waitFor();
    expect(page.url()).toContain("/stores/berlin?grain=hour&date=2026-11-20");
    expect(await page.getByText("Open tables").count()).toBe(0);
    await page.keyboard.press("[");
    await page.getByText(/on Thursday 19 November 2026/).waitFor();
    await page.getByRole("button", { name: /Show the orders of 12:00/ }).click();
    await page.locator(".proof[data-equal=true]").waitFor();
    await page.keyboard.press("]");
    expect(page.url()).toContain("date=2026-11-19");
    await page.keyboard.press("Escape");
    await page.locator("dialog").waitFor({ state: "detached" });
    await page.goBack();
    await page.getByText(/on Friday 20 November 2026/).waitFor();
    await page.keyboard.press("]");
    await page.getByText("Open tables").waitFor();
    expect(page.url()).not.toContain("date=");
    expect(await page.getByRole("button", { name: "Next day" }).isDisabled()).toBe(true);
    await page.getByLabel("Business day").fill("2026-11-02");
    await page.getByText(/on Monday 2 November 2026/).waitFor();
    await page.getByRole("button", { name: "Today" }).click();
    await page.getByText("Open tables").waitFor();
  });

  test("says that there is no such day, and leads back to today", async () => {
    const page = await open("/stores/berlin?date=2031-01-01");
    await page.getByRole("alert").getByRole("button", { name: "Today" }).click();
    await page.getByText("Open tables").waitFor();
  });

  test.each([
    ["/stores/berlin", 1440, "light"],
    ["/stores/berlin?date=2026-11-20", 1440, "dark"],
    ["/stores/kuwait?date=2026-11-20&compare=week", 390, "light"],
    ["/stores/berlin?date=2026-11-20", 320, "dark"],
    ["/stores/berlin?view=table&compare=week", 1440, "dark"],
    ["/stores/london?compare=week", 640, "light"],
    ["/stores/vienna", 390, "dark"],
    ["/stores/kuwait", 390, "light"],
    ["/stores/london", 320, "light"],
    ["/stores", 1100, "dark"],
    ["/stores", 1440, "light"],
    ["/stores", 390, "dark"],
    ["/link#token=x", 390, "light"],
  ] as const)(
    "%s at %i pixels, %s, has no accessibility fault and fits",
    async (path, width, colorScheme) => {
      const page = await open(path, { viewport: { width, height: 900 }, colorScheme });
      await page.locator("h1").first().waitFor();
      await page.waitForTimeout(600);
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
    },
  );

  test("its first route stays within the budget of JavaScript", () => {
    const sizes = [...firstRouteSizes(join(import.meta.dirname, "dist")).values()];
    expect(sizes.length).toBeGreaterThan(1);
    expect(sizes.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThanOrEqual(FIRST_ROUTE_BYTES_MAX);
  });
});
