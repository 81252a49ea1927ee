import { cpSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeDice } from "./dice.ts";
import { linesOf, type RealShop } from "./real-shops.ts";

/** A copy of a shop's files with some rows broken. */
export interface CorruptedCopy {
  readonly folder: string;
  /** The broken rows as `file:line`, counted from 1 with the header. */
  readonly badRows: readonly string[];
  /** The orders that they spoil. */
  readonly spoiled: ReadonlySet<string>;
}

/** What happens to files on their way through spreadsheets and disks; each leaves the order's number alone. */
const breakages: readonly ((cells: readonly string[]) => string)[] = [
  (cells) => [...cells.slice(0, -1), "two"].join(","),
  (cells) => [...cells.slice(0, -1), "-1"].join(","),
  (cells) => [...cells.slice(0, -1), "1.5"].join(","),
  (cells) => [...cells.slice(0, -1), ""].join(","),
  (cells) => [...cells.slice(0, 2), "a dish that nobody knows", ...cells.slice(3)].join(","),
  (cells) => [...cells.slice(0, 2), "soup\u0000", ...cells.slice(3)].join(","),
  (cells) => [...cells, "one too many"].join(","),
  (cells) => cells.slice(0, -1).join(","),
];

/** Breaks `count` rows of items, each of another order, at seeded places. */
export function corruptCopy(
  shop: RealShop,
  original: string,
  { seed, count }: { readonly seed: number; readonly count: number },
): CorruptedCopy {
  const dice = makeDice(seed);
  const folder = mkdtempSync(join(tmpdir(), "tillcast-corrupt-"));
  cpSync(original, folder, { recursive: true });
  const lines = linesOf(original, shop.linesFile);
  const badRows: string[] = [];
  const spoiled = new Set<string>();
  while (badRows.length < count) {
    const at = dice.int(1, lines.length - 1);
    const cells = (lines[at] as string).split(",");
    const orderId = cells[shop.orderColumn] as string;
    if (spoiled.has(orderId)) continue;
    const broken = breakages[badRows.length % breakages.length] as (typeof breakages)[number];
    lines[at] = broken(cells);
    spoiled.add(orderId);
    badRows.push(`${shop.linesFile}:${at + 1}`);
  }
  writeFileSync(join(folder, shop.linesFile), `${lines.join("\r\n")}\r\n`);
  return { folder, badRows: badRows.sort(), spoiled };
}
