import { execFileSync } from "node:child_process";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { openScope } from "@tillcast/core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { deployPage } from "../../web/testing/deploy-page.ts";
import { falsehoods, type Seen, shownNet, watchPage } from "../../web/testing/watch-page.ts";
import { root } from "../house/sources.ts";
import { type MovedProduct, startMovedProduct } from "../support/moved-product.ts";
import { openBrowser, openPage } from "../support/open-browser.ts";

const MINUTE_MS = 60_000;
const dist = join(root, "web/dist");
const reconnectMaxMs = 60_000;

const scope = openScope();
let product: MovedProduct;
let browser: Browser;

beforeAll(async () => {
  execFileSync(process.execPath, [join(root, "web/build-if-changed.ts")]);
  browser = await openBrowser();
  scope.defer(() => browser.close());
  product = await startMovedProduct(scope, dist);
});
afterAll(() => scope.close());

/** A signed-in page whose clock goes with the product's. */
async function openStore(storeId: string) {
  const watched = await openPage(browser);
  const [name, value] = product.cookie.split("=") as [string, string];
  await watched.context.addCookies([{ name, value, url: product.way.url }]);
  await watched.page.clock.install({ time: product.now() });
  await watched.page.goto(`${product.way.url}/stores/${storeId}`);
  await watched.page.locator(".connection[data-state=live]").waitFor();
  await watched.page.getByTestId("net-so-far").waitFor();
  return watched;
}

/** The page's clock leaps with the product's, as it does on a device. */
async function pass(page: Page, ms: number): Promise<void> {
  await product.advance(ms);
  await page.clock.fastForward(ms);
}

/** Waits until the page says what REST says, of the day and of its hours. */
async function equalsRest(page: Page, storeId = product.storeId): Promise<void> {
  await page.locator(".connection[data-state=live]").waitFor({ timeout: reconnectMaxMs });
  const { net, orders } = await product.overview(storeId);
  await expect.poll(() => shownNet(page), { timeout: reconnectMaxMs }).toBe(net);
  const ofHours = await page
    .locator(".hours tbody tr .orders-cell")
    .evaluateAll((cells) =>
      cells.reduce((sum, cell) => sum + Number(cell.textContent.replace("–", "0")), 0),
    );
  expect(ofHours).toBe(orders);
}

const clockOf = (instant: number) =>
  new Intl.DateTimeFormat("en-GB", {
    hour: "2-digit",
    minute: "2-digit",
    timeZone: product.timeZone,
  }).format(instant);

/** Nothing false was shown: only figures that were true once, in their order, and no time that was not heard. */
function holdsTrue(seen: readonly Seen[]): void {
  expect(seen.length).toBeGreaterThan(1);
  const nets = seen.map(({ net }) => Number(net));
  expect(nets).toEqual(nets.toSorted((a, b) => a - b));
  for (const { sentence, chip, connection, net, at, zeroHours } of seen) {
    expect(product.nets).toContain(net);
    expect(sentence).not.toMatch(falsehoods);
    // Every hour of this store sells something.
    expect(zeroHours).toBe(0);
    for (const [time] of sentence.matchAll(/\d\d:\d\d/g)) expect(time <= clockOf(at)).toBe(true);
    if (/^Data to/.test(chip)) expect(sentence).not.toMatch(/so far/);
    if (/no news since/.test(sentence)) expect(connection).not.toBe("live");
  }
}

test("a phone that comes and goes fifty times shows REST's figures afterwards, and nothing false between", async () => {
  const { page, context, complaints } = await openStore(product.storeId);
  const seen = await watchPage(page);
  for (let time = 0; time < 50; time += 1) {
    await context.setOffline(true);
    if (time % 10 === 0) await product.sell();
    else await page.waitForTimeout(20);
    await context.setOffline(false);
    if (time % 10 === 5) await product.sell();
    if (time % 5 === 0) await pass(page, 3_000);
    await page.waitForTimeout(40);
  }
  await pass(page, 10_000);
  await equalsRest(page);
  holdsTrue(await seen());
  expect(complaints).toEqual([]);
  await context.close();
});

test("a device that is offline for 95 minutes says nothing of them, and then has it all", async () => {
  const { page, context, complaints } = await openStore(product.storeId);
  const lostAt = clockOf(product.now());
  const before = await shownNet(page);
  const seen = await watchPage(page);
  await context.setOffline(true);
  for (let minutes = 0; minutes < 95; minutes += 5) {
    await pass(page, 5 * MINUTE_MS);
    if (minutes % 30 === 0) await product.sell();
    await page.waitForTimeout(150);
    const sentence = (await page.locator(".sentence").textContent()) ?? "";
    expect(sentence).toContain("This device is offline and has had no news since");
    const times = [...sentence.matchAll(/\d\d:\d\d/g)].map(([time]) => time);
    expect(times.length).toBeGreaterThan(0);
    // The minute may have turned between the look at the clock and the loss.
    for (const time of times) expect(time <= addMinute(lostAt)).toBe(true);
    expect(await page.locator(".store-heading .fresh").textContent()).toMatch(/^Data to/);
    expect(await shownNet(page)).toBe(before);
    expect(await page.locator(".hours tbody tr .actual").allTextContents()).not.toContain("€0");
  }
  await context.setOffline(false);
  await equalsRest(page);
  await expect.poll(() => page.locator(".sentence").textContent()).toContain("so far");
  holdsTrue(await seen());
  expect(complaints).toEqual([]);
  await context.close();
});

test("a server that is killed for 20 minutes is told as such, and is followed again", async () => {
  const { page, context, complaints } = await openStore(product.storeId);
  const seen = await watchPage(page);
  await product.way.cut();
  await expect
    .poll(() => page.locator(".sentence").textContent(), { timeout: reconnectMaxMs })
    .toContain("Tillcast cannot be reached, so there is no news since");
  await product.stopGateway();
  for (let minutes = 0; minutes < 20; minutes += 5) {
    await pass(page, 5 * MINUTE_MS);
    await page.waitForTimeout(150);
    const sentence = (await page.locator(".sentence").textContent()) ?? "";
    expect(sentence).toContain("Tillcast cannot be reached");
    expect(sentence).not.toMatch(/offline|so far/);
  }
  await product.sell();
  await product.startGateway(dist);
  await product.way.mend();
  await equalsRest(page);
  holdsTrue(await seen());
  expect(complaints).toEqual([]);
  await context.close();
});

test("a deploy with new code keeps the figures, is told, and a reload brings it", async () => {
  const { page, context } = await openStore(product.storeId);
  const other = await deployPage();
  scope.defer(() => rm(other, { recursive: true, force: true }));
  const seen = await watchPage(page);
  await product.stopGateway();
  await product.sell();
  await product.startGateway(other);
  await page
    .getByRole("banner")
    .getByText("Tillcast was updated.")
    .waitFor({ timeout: reconnectMaxMs });
  await equalsRest(page);
  holdsTrue(await seen());
  await page.getByRole("banner").getByRole("button", { name: "Reload" }).click();
  await page.locator(".connection[data-state=live]").waitFor({ timeout: reconnectMaxMs });
  await equalsRest(page);
  expect(await page.getByText("Tillcast was updated.").count()).toBe(0);
  await product.stopGateway();
  await product.startGateway(dist);
  await context.close();
});

test("a device that slept for three hours says nothing of them until it has heard of them", async () => {
  const { page, context, complaints } = await openStore(product.storeId);
  const before = await shownNet(page);
  const seen = await watchPage(page);
  product.way.swallow();
  for (let hour = 0; hour < 3; hour += 1) {
    await product.advance(60 * MINUTE_MS);
    await product.sell();
  }
  const sleptAt = clockOf(product.now() - 180 * MINUTE_MS);
  await page.clock.fastForward(180 * MINUTE_MS);
  // A device that wakes has no network for a moment; what it says then is read too.
  await page.waitForTimeout(2_500);
  const woken = (await page.locator(".sentence").textContent()) ?? "";
  expect(await shownNet(page)).toBe(before);
  for (const [time] of woken.matchAll(/\d\d:\d\d/g)) expect(time <= sleptAt).toBe(true);
  await product.way.mend();
  await equalsRest(page);
  await expect.poll(() => page.locator(".sentence").textContent()).toContain("so far");
  holdsTrue(await seen());
  expect(complaints).toEqual([]);
  await context.close();
});

test("the business day turns in two tabs, and nothing of the old one is told of the new", async () => {
  const [first, second] = [
    await openStore(product.turningId),
    await openStore(product.turningId),
  ] as const;
  const { businessDate, net } = await product.overview(product.turningId);
  const seen = await watchPage(first.page);
  const isOldDay = async () =>
    (await product.overview(product.turningId)).businessDate === businessDate;
  for (let steps = 0; await isOldDay(); steps += 1) {
    expect(steps).toBeLessThan(20);
    await product.advance(20 * MINUTE_MS);
    for (const { page } of [first, second]) await page.clock.fastForward(20 * MINUTE_MS);
    await first.page.waitForTimeout(300);
  }
  for (const { page, context, complaints } of [first, second]) {
    await expect.poll(() => shownNet(page), { timeout: reconnectMaxMs }).toBe("0");
    await equalsRest(page, product.turningId);
    await expect
      .poll(() => page.locator(".sentence").textContent())
      .toMatch(/^(No sales yet|Not open yet)/);
    if (page === first.page) {
      for (const one of await seen()) {
        expect(one.sentence).not.toMatch(falsehoods);
        expect([net, "0"]).toContain(one.net);
      }
    }
    expect(complaints).toEqual([]);
    await context.close();
  }
});

/** The minute after a time of day. */
function addMinute(time: string): string {
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  const next = hour * 60 + minute + 1;
  return [Math.floor(next / 60) % 24, next % 60]
    .map((part) => String(part).padStart(2, "0"))
    .join(":");
}
