import type { Page } from "playwright-core";

/** What a reader sees of a store's present in one look. */
export interface Seen {
  readonly sentence: string;
  readonly chip: string;
  readonly connection: string;
  /** Hours that show nothing sold. */
  readonly zeroHours: number;
  readonly net: string;
  /** By the page's own clock. */
  readonly at: number;
}

/** Nothing of this may be read at any moment of a day that goes as usual. */
export const falsehoods = /100% below|€0 so far|NaN|undefined|Infinity/;

/** Reads the page every second of its clock; answers a function that tells what was seen until then. */
export async function watchPage(page: Page): Promise<() => Promise<readonly Seen[]>> {
  await page.evaluate(() => {
    const seen: Record<string, unknown>[] = [];
    const textOf = (selector: string) => document.querySelector(selector)?.textContent ?? "";
    const read = () => {
      const hours = [...document.querySelectorAll(".hours tbody tr .actual")];
      const figure = document.querySelector<HTMLElement>('[data-testid="net-so-far"]');
      seen.push({
        sentence: textOf(".sentence"),
        chip: textOf(".store-heading .fresh"),
        connection: document.querySelector<HTMLElement>(".connection")?.dataset.state ?? "",
        zeroHours: hours.filter((hour) => hour.textContent === "€0").length,
        net: figure?.dataset.net ?? "",
        at: Date.now(),
      });
    };
    read();
    Object.assign(globalThis, { seen, watching: setInterval(read, 1_000) });
  });
  return () => page.evaluate(() => (globalThis as unknown as { seen: Seen[] }).seen);
}

/** The figure on the page, in minor units. */
export function shownNet(page: Page): Promise<string | null> {
  return page.getByTestId("net-so-far").getAttribute("data-net");
}
