import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { type BuiltOrder, buildOrders } from "../build-orders.ts";
import { filesOf } from "../choose-files.ts";
import { findProfile } from "../find-profile.ts";
import { gatherOrders } from "../gather-orders.ts";
import type { RowFault, SaidOfFiles } from "../import-profile.ts";
import { learntNumbering, numberDayOf, surveyOrders } from "../survey-orders.ts";

/** The committed inputs, each named after its case. */
export const cases: URL = new URL("./cases/", import.meta.url);
const berlin = { timeZone: "Europe/Berlin", currency: "EUR", exponent: 2 };
const store = {
  ...berlin,
  closeouts: [{ effectiveFrom: "2000-01-01", closeoutMinute: 240 }],
  countedWhen: "paid",
} as const;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tillcast-import-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Reads files as a profile does: good orders by id, faults as `file:line column`, and notes. */
export async function read(
  profile: string,
  files: Record<string, string | Buffer>,
  said: SaidOfFiles = {},
) {
  const directory = await mkdtemp(join(folder, "case-"));
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  const context = { ...berlin, said };
  const opened = await (await findProfile(profile)).open(await filesOf([directory]), context);
  const survey = await surveyOrders(opened, store);
  const rules = {
    accountId: "a",
    storeId: "s",
    numbering: learntNumbering(survey) ?? "unknown",
    dayOf: (row: Parameters<typeof numberDayOf>[0]) => numberDayOf(row, store),
  } as const;
  const orders: BuiltOrder["push"][] = [];
  const faults: RowFault[] = [];
  const notes = [...(opened.notes ?? [])];
  for await (const gathered of gatherOrders(opened, survey.rows)) {
    if (!("kind" in gathered)) {
      const built = buildOrders(gathered, rules);
      orders.push(...built.orders.map(({ push }) => push));
      faults.push(...built.faults);
    } else if (gathered.kind === "fault") faults.push(gathered);
    else notes.push(`${gathered.file}:${gathered.line}: ${gathered.reason}`);
  }
  const shown = faults.map(({ file, line, column }) => `${file}:${line} ${column}`);
  const pushOf = (orderId: string) => orders.find((order) => order.orderId === orderId);
  return { ids: orders.map(({ orderId }) => orderId), orders, pushOf, shown, faults, notes };
}

/** Reads the file of a case by the documented columns. */
export const readCase = async (name: string, said: SaidOfFiles = {}) =>
  read("generic", { [`${name}.csv`]: await readFile(new URL(`${name}.csv`, cases)) }, said);

/** Net of every order in minor units, by its number. */
export const netsOf = (orders: readonly BuiltOrder["push"][]) =>
  Object.fromEntries(
    orders.map(({ orderId, kind, lines = [] }) => [
      orderId,
      lines.reduce((sum, { gross, discount = "0", qty, voidedAt }) => {
        const net = voidedAt === undefined ? Number(gross) - Number(discount) : 0;
        return sum + (kind === "return" || String(qty).startsWith("-") ? -net : net);
      }, 0),
    ]),
  );
