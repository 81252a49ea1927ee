import { existsSync } from "node:fs";
import { AxeBuilder } from "@axe-core/playwright";
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from "playwright-core";

/** Debian's; another one is named by the environment. */
const executablePath = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";

/** Nothing leaves the machine, and nothing but the page is loaded. */
const args = [
  "--no-sandbox",
  "--headless=new",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Opens the browser; a machine without one fails, since these tests are not to be skipped. */
export async function openBrowser(): Promise<Browser> {
  if (!existsSync(executablePath)) {
    throw new Error(`There is no ${executablePath}: install chromium, or set CHROMIUM_PATH.`);
  }
  return chromium.launch({ executablePath, args });
}

/** A page, and what its console had to complain about. */
export interface WatchedPage {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Errors of scripts, and refusals by the content security policy; those of the network are not among them. */
  readonly complaints: string[];
}

/** Opens a page of a context of its own. */
export async function openPage(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ locale: "en-GB", ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    const text = message.text();
    const isOfNetwork = /ERR_CONNECTION|WebSocket|Failed to load resource/.test(text);
    const isRefusal = text.includes("Content Security Policy");
    if (isRefusal || (message.type() === "error" && !isOfNetwork)) complaints.push(text);
  });
  return { context, page, complaints };
}

/** What axe finds at fault on a page, a line for each. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  const { violations, passes } = await new AxeBuilder({ page }).analyze();
  if (passes.length === 0) throw new Error("axe looked at nothing");
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html} ${node.failureSummary ?? ""}`),
  );
}
