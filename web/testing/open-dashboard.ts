import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

const executablePath = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
const args = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"];

/** A browser whose pages are watched: their complaints are collected, and all are closed together. */
export interface Dashboard {
  readonly browser: Browser;
  /** Opens a page of a server as one who is signed in. */
  open(url: string, path: string, options?: BrowserContextOptions): Promise<Page>;
  /** Closes every page, and answers what scripts and the content security policy complained of. */
  closePages(): Promise<string[]>;
  close(): Promise<void>;
}

/** Builds the page where its sources changed, and opens a browser. */
export async function openDashboard(): Promise<Dashboard> {
  execFileSync(process.execPath, [join(import.meta.dirname, "..", "build-if-changed.ts")]);
  const browser = await chromium.launch({ executablePath, args });
  let complaints: string[] = [];
  return {
    browser,
    async open(url, path, options = {}) {
      const context = await browser.newContext({ locale: "en-GB", ...options });
      await context.addCookies([{ name: "fake", value: "1", url }]);
      const page = await context.newPage();
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("console", (message) => {
        if (message.text().includes("Content Security Policy")) complaints.push(message.text());
      });
      await page.goto(url + path);
      return page;
    },
    async closePages() {
      for (const context of browser.contexts()) await context.close();
      const heard = complaints;
      complaints = [];
      return heard;
    },
    close: () => browser.close(),
  };
}
