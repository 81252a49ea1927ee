import { rm } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type FakeServer, startFakeServer } from "./dev/fake-server.ts";
import { deployPage } from "./testing/deploy-page.ts";
import { type Dashboard, openDashboard } from "./testing/open-dashboard.ts";

const NOW = Date.UTC(2026, 10, 21, 13, 40);

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
  await dashboard.closePages();
  await server.close();
});

describe("a page whose code is lost", () => {
  test("says so while the device is offline, and opens by itself when it is back", async () => {
    const page = await dashboard.open(server.url, "/sign-in");
    // As on a line that was lost before the idle moment in which the code is fetched ahead.
    await page.route("**/assets/Stores-*", (route) => route.abort());
    await page.goto(`${server.url}/stores/berlin`);
    await page.getByTestId("net-so-far").waitFor();
    await page.context().setOffline(true);
    await page.getByRole("banner").getByRole("link", { name: "Stores" }).click();
    await page.getByText("This page has not come through.").waitFor();
    await page.waitForTimeout(3_000);
    await page.getByText("This page has not come through.").waitFor();
    await page.unroute("**/assets/Stores-*");
    await page.context().setOffline(false);
    await page.locator(".store-cards, .store-table").waitFor({ timeout: 15_000 });
    // With its style sheet, which the bundler asks for once only.
    await expect
      .poll(() =>
        page.evaluate(() =>
          [...document.querySelectorAll<HTMLLinkElement>("link[rel=stylesheet]")].map(
            (link) => link.sheet !== null,
          ),
        ),
      )
      .not.toContain(false);
  });

  test("is fetched ahead when nothing else is to do, so that a lost line loses no page", async () => {
    const page = await dashboard.open(server.url, "/stores/berlin");
    await page.getByTestId("net-so-far").waitFor();
    const fetched = () =>
      page.evaluate(() =>
        performance.getEntriesByType("resource").some(({ name }) => name.includes("/Stores-")),
      );
    await expect.poll(fetched).toBe(true);
    await page.waitForTimeout(500);
    await page.context().setOffline(true);
    await page.getByRole("banner").getByRole("link", { name: "Stores" }).click();
    await page.getByRole("heading", { name: "Stores" }).waitFor();
    await page.getByText("Tillcast cannot be reached. Check the connection").waitFor();
    await page.context().setOffline(false);
  });

  test("after a deploy is told as an update, which a reload brings", async () => {
    const page = await dashboard.open(server.url, "/sign-in");
    await page.route("**/assets/Stores-*", (route) => route.abort());
    await page.goto(`${server.url}/stores/berlin`);
    await page.locator(".connection[data-state=live]").waitFor();
    const { port } = new URL(server.url);
    await server.close();
    const dist = await deployPage();
    server = await startFakeServer({ now: NOW, ordersPerSecond: 0, port: Number(port), dist });
    await page.unroute("**/assets/Stores-*");
    await page.getByRole("banner").getByText("Tillcast was updated.").waitFor({ timeout: 30_000 });
    expect(await page.getByTestId("net-so-far").isVisible()).toBe(true);
    await page.getByRole("banner").getByRole("link", { name: "Stores" }).click();
    await page.getByRole("main").getByText("Tillcast was updated.").waitFor();
    await page.getByRole("main").getByRole("button", { name: "Reload" }).click();
    await page.locator(".store-cards, .store-table").waitFor();
    expect(await page.getByText("Tillcast was updated.").count()).toBe(0);
    await rm(dist, { recursive: true });
  });
});
