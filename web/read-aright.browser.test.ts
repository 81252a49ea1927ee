import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type FakeServer, startFakeServer } from "./dev/fake-server.ts";
import { oddStores } from "./dev/odd-stores.ts";
import { type Dashboard, openDashboard } from "./testing/open-dashboard.ts";

const NOW = Date.UTC(2026, 10, 21, 13, 40);

let dashboard: Dashboard;
let server: FakeServer;

beforeAll(async () => {
  dashboard = await openDashboard();
  server = await startFakeServer({
    now: NOW,
    clockStands: true,
    ordersPerSecond: 0,
    made: oddStores,
  });
});
afterAll(async () => {
  await dashboard?.close();
  await server?.close();
});
afterEach(async () => {
  expect(await dashboard.closePages()).toEqual([]);
});

async function openStore(storeId: string, query = ""): Promise<Page> {
  const page = await dashboard.open(server.url, `/stores/${storeId}${query}`, {
    viewport: { width: 1440, height: 900 },
  });
  await page.locator(".sentence").waitFor();
  return page;
}

const textOf = async (page: Page, selector: string) =>
  (await page.locator(selector).first().textContent()) ?? "";
const tileOf = (page: Page, label: string) =>
  textOf(page, `.tile:has(h2:text-is("${label}"), h2:has-text("${label}"))`);
const listRow = async (page: Page, name: string) => {
  await page.goto(`${server.url}/stores`);
  const row = page.locator(".store-table tr", { hasText: name });
  await row.waitFor();
  return (await row.textContent()) ?? "";
};

/** Minor units of "€1,234", "−€0.17" or "€1.2k". */
function minorOf(text: string): number {
  const [, sign, digits, suffix] = /(−?)€([\d,.]+)(k?)/.exec(text) ?? [];
  const amount = Number(digits?.replaceAll(",", "")) * (suffix === "k" ? 100_000 : 100);
  return Math.round(sign === "−" ? -amount : amount);
}

describe("money that was misread", () => {
  test("both ends of a range say of which size they are", async () => {
    const page = await openStore("osaka");
    const ends = /ends at (¥[^–]+)–(¥.+)\.$/.exec(await textOf(page, ".sentence"));
    expect(ends?.[1]).toMatch(/^¥(\d{3}k|\d\.\dm|[\d,]{7,})$/);
    expect(ends?.[2]).toMatch(/^¥\d\.\dm$/);
    await page.goto(`${server.url}/stores/boston`);
    await page.locator(".sentence").waitFor();
    expect(await textOf(page, ".sentence")).toMatch(/ends at US\$\d\.\dk–US\$\d\.\dk\.$/);
    const ranges = (await textOf(page, "article.store")).match(/US\$[\d.,]+[km]?–\S+?k/g) ?? [];
    expect(ranges.length).toBeGreaterThanOrEqual(3);
    for (const range of ranges) expect(range).toMatch(/^US\$(\d\.\dk|\d,\d{3})–US\$\d\.\dk$/);
  });

  test("other currencies stand apart from the verdict, in a line of their own", async () => {
    const page = await openStore("border");
    const note = page.locator(".tile-note", { hasText: "CHF" });
    expect(await note.textContent()).toMatch(/^besides, in other currencies: CHF\s42$/);
    expect(await listRow(page, "At the Border")).toMatch(
      /Also CHF\s42\.00, apart from these figures/,
    );
  });

  test("an amount below zero has a minus sign, and says nothing of a ticket", async () => {
    const page = await openStore("refunds");
    expect(await textOf(page, '[data-testid="net-so-far"]')).toBe("−€190");
    expect(await textOf(page, ".sentence")).toMatch(/^−€190 so far/);
    expect(await tileOf(page, "Average ticket")).toMatch(/–$/);
    expect(await textOf(page, "article.store")).not.toMatch(/-[€\d]/);
    expect(await listRow(page, "Gave Back")).not.toMatch(/-[€\d]/);
  });

  test("seventeen cents are not nothing", async () => {
    const page = await openStore("kiosk");
    expect(await textOf(page, '[data-testid="net-so-far"]')).toBe("€0.17");
    const hours = await page.locator(".hours .actual").allTextContents();
    expect(hours.filter((hour) => hour === "€0.17")).toHaveLength(1);
  });
});

test("the running total tells one story: from what is counted on to where the day ends", async () => {
  const page = await openStore("rushed", "?grain=total&view=table");
  const rows = await page
    .locator(".chart-table tbody tr")
    .evaluateAll((all) =>
      all.map((row) => [...row.querySelectorAll("th, td")].map((cell) => cell.textContent)),
    );
  const net = Number(await page.getByTestId("net-so-far").getAttribute("data-net"));
  const present = rows.findIndex(([when]) => when === "until 14:40");
  const ahead = rows.slice(present);
  expect(present).toBeGreaterThan(0);
  expect(ahead.length).toBeGreaterThan(10);
  // It was: the morning's belief goes on beside the whisker of the day's end.
  for (const [when, , expected = "", band = ""] of ahead.slice(1)) {
    expect(minorOf(band ?? ""), when ?? "").toBeGreaterThanOrEqual(net - 100);
    expect(minorOf(expected ?? ""), when ?? "").toBeGreaterThanOrEqual(net - 100);
  }
  const middle = /middle (€[\d,.]+k?)/.exec(await tileOf(page, "Likely end of day"))?.[1] ?? "";
  expect(ahead.at(-1)?.[2]).toBe(middle);
});

test("an order that was corrected is one row, which says what changed", async () => {
  const page = await openStore("corrected");
  await page.getByRole("button", { name: /Show the orders behind it/ }).click();
  await page.locator(".proof[data-equal=true]").waitFor();
  while ((await page.getByRole("button", { name: "Show more" }).count()) > 0) {
    await page.getByRole("button", { name: "Show more" }).click();
    await page.waitForTimeout(200);
  }
  const corrected = page.locator(".entry-row", { hasText: "Corrected: Takeaway → Dine in" });
  await corrected.waitFor();
  expect(await corrected.count()).toBe(1);
  const name = await corrected.locator(".entry-name > span").textContent();
  expect(await page.locator(".entry-row", { hasText: name ?? "" }).count()).toBe(1);
});

test("a past day without sales draws neither rows nor an axis", async () => {
  const page = await openStore("imported", "?date=2026-11-20");
  await page.getByText("There is nothing to draw of this day.").waitFor();
  expect(await page.locator(".hours, .chart").count()).toBe(0);
});

test("the week before has a number in tile and hours, not a line alone", async () => {
  const page = await openStore("sydney", "?grain=hour&view=table");
  expect(await page.locator(".week-cell").count()).toBe(0);
  await page.keyboard.press("x");
  const hours = await page.locator(".hours tbody .week-cell").allTextContents();
  const points = await page.locator(".chart-table tbody tr td:last-child").allTextContents();
  expect(hours).toEqual(points);
  expect(hours.filter((amount) => /^A?\$\d/.test(amount)).length).toBeGreaterThan(10);
  expect(await tileOf(page, "Net so far")).toMatch(/Saturday before by 14:40 A?\$[\d,]+/);
});

test("what is pressed is large enough for a finger", async () => {
  const page = await openStore("boston");
  const small = await page
    .locator(".segment span, .toggle, .hour-button, .day-step, .tile-prove")
    .evaluateAll((all) =>
      all
        .map((one) => ({ name: one.textContent, height: one.getBoundingClientRect().height }))
        .filter(({ height }) => height < 44),
    );
  expect(small).toEqual([]);
});

test("the rail says of which day it speaks, comes to the open store, and names what it cuts short", async () => {
  const page = await openStore("quiet", "?date=2026-11-20");
  const rail = page.locator(".rail");
  await rail.waitFor();
  expect(await rail.locator(".rail-day").textContent()).toBe("Today");
  const open = rail.locator(".rail-store[aria-current=page]");
  await expect
    .poll(async () => {
      const [inner, outer] = [await open.boundingBox(), await rail.boundingBox()];
      if (inner === null || outer === null) return false;
      return inner.y >= outer.y && inner.y + inner.height <= outer.y + outer.height;
    })
    .toBe(true);
  const long = rail.locator(".rail-name", { hasText: "Wirtshaus" });
  expect(await long.getAttribute("title")).toBe("Wirtshaus".repeat(12));
});
