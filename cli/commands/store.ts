import {
  changeStore,
  createStore,
  listStores,
  requireTenant,
  type StoreChange,
  setStoreArchived,
  tenantOfStore,
} from "@tillcast/accounts";
import { appError } from "@tillcast/core";
import type { Command } from "commander";
import {
  readCountry,
  readCurrency,
  readDate,
  readId,
  readMinuteOfDay,
  readName,
  readTimeZone,
} from "../arguments.ts";
import {
  type ActionContext,
  type ActionResult,
  example,
  jsonOption,
  runAction,
} from "../run-action.ts";
import { type ChangeContext, runChange } from "../run-change.ts";
import { openInstallation } from "../runtime/installation.ts";
import { table } from "../table.ts";

interface NewStore {
  readonly tenant: string;
  readonly name: string;
  readonly timeZone: string;
  readonly currency: string;
  readonly closeout: number;
  readonly country?: string;
}

export default function addStore(program: Command): void {
  const group = program.command("store").description("make, list, set and archive stores");
  group
    .command("create")
    .description("make a store of a tenant, with its own time zone, currency and end of day")
    .requiredOption("--tenant <id>", "whose store it is", readId)
    .requiredOption("--name <name>", "what people call it", readName)
    .requiredOption("--time-zone <zone>", "IANA time zone, such as Europe/Berlin", readTimeZone)
    .requiredOption("--currency <code>", "ISO 4217 currency, such as EUR", readCurrency)
    .requiredOption(
      "--closeout <HH:MM>",
      "local time at which the business day ends, such as 04:00",
      readMinuteOfDay,
    )
    .option("--country <code>", "ISO 3166 country, such as DE, for its holidays", readCountry)
    .addOption(jsonOption())
    .addHelpText(
      "after",
      example(
        "store create --tenant T --name Mitte --time-zone Europe/Berlin --currency EUR --closeout 04:00",
      ),
    )
    .action((options: NewStore, command: Command) =>
      runChange(command, (context) => create(options, context)),
    );
  group
    .command("list")
    .description("list all stores, or those of one tenant")
    .option("--tenant <id>", "only this tenant's stores", readId)
    .option("--archived", "also those that were archived")
    .addOption(jsonOption())
    .addHelpText("after", example("store list --tenant T"))
    .action((options: ListOptions, command: Command) =>
      runAction(command, (context) => list(options, context)),
    );
  group
    .command("set")
    .description("set a store's name, zone, end of day, groups, currency or end")
    .argument("<store>", "the store's id", readId)
    .option("--name <name>", "what people call it", readName)
    .option("--time-zone <zone>", "IANA time zone, from the date --from on", readTimeZone)
    .option(
      "--closeout <HH:MM>",
      "end of the business day, from the date --from on",
      readMinuteOfDay,
    )
    .option("--from <date>", "first business date of the new zone or closeout", readDate)
    .option("--groups <names>", "groups that it belongs to, separated by commas", readGroups)
    .option(
      "--closed-from <date>",
      "first business date without trade; `none` opens it again",
      readEnd,
    )
    .option("--currency <code>", "ISO 4217 currency, while nothing is counted", readCurrency)
    .addOption(jsonOption())
    .addHelpText(
      "after",
      example("store set S --closeout 05:00 --from 2027-01-01", "store set S --groups city,cafes"),
    )
    .action((storeId: string, options: StoreOptions, command: Command) =>
      runChange(command, (context) => setStore(storeId, options, context)),
    );
  group
    .command("archive")
    .description("take a store out of every list and close it; what it sold stays")
    .argument("<store>", "the store's id", readId)
    .option("--undo", "show it again; it opens by `store set --closed-from none`")
    .addOption(jsonOption())
    .addHelpText("after", example("store archive S", "store archive S --undo"))
    .action((storeId: string, { undo = false }: { undo?: boolean }, command: Command) =>
      runChange(command, async ({ scope, log, by }) => {
        const { database } = await openInstallation({ scope, log, role: "command" });
        const isArchived = !undo;
        await setStoreArchived(database.service, by, { storeId, isArchived });
        const text = undo ? `Store ${storeId} is shown again.` : `Store ${storeId} is archived.`;
        return { ok: true, result: { storeId, isArchived }, text };
      }),
    );
}

interface ListOptions {
  readonly tenant?: string;
  readonly archived?: boolean;
}

interface StoreOptions {
  readonly name?: string;
  readonly timeZone?: string;
  readonly closeout?: number;
  readonly from?: string;
  readonly groups?: readonly string[];
  /** `none` opens it again. */
  readonly closedFrom?: string;
  readonly currency?: string;
}

const readGroups = (text: string): string[] => text.split(",").map(readName);
const readEnd = (text: string): string => (text === "none" ? text : readDate(text));

async function setStore(
  storeId: string,
  options: StoreOptions,
  { scope, log, by }: ChangeContext,
): Promise<ActionResult> {
  const change = changeOf(options);
  const { database } = await openInstallation({ scope, log, role: "command" });
  await changeStore(database.service, {
    tenantId: await tenantOfStore(database.service, storeId),
    storeId,
    change,
    by,
  });
  return {
    ok: true,
    result: { storeId, set: Object.keys(change) },
    text: `Store ${storeId} is set.`,
  };
}

function changeOf({ timeZone, closeout, from, closedFrom, ...plain }: StoreOptions): StoreChange {
  const isDated = timeZone !== undefined || closeout !== undefined;
  if (isDated !== (from !== undefined)) {
    throw appError("validationFailed", {
      field: "--from",
      reason: "belongs to --time-zone and --closeout: the first business date of the new one",
    });
  }
  const { name, groups, currency } = plain;
  const change: StoreChange = {
    ...(name !== undefined && { name }),
    ...(groups !== undefined && { groups }),
    ...(currency !== undefined && { currency }),
    ...(timeZone !== undefined && from !== undefined && { timeZone: { zone: timeZone, from } }),
    ...(closeout !== undefined && from !== undefined && { closeout: { minute: closeout, from } }),
    ...(closedFrom !== undefined && { closedFrom: closedFrom === "none" ? null : closedFrom }),
  };
  if (Object.keys(change).length > 0) return change;
  throw appError("validationFailed", { field: "store set", reason: "nothing is said to be set" });
}

async function create(
  { tenant: tenantId, closeout: closeoutMinute, ...facts }: NewStore,
  { scope, log, by }: ChangeContext,
): Promise<ActionResult> {
  const { database } = await openInstallation({ scope, log, role: "command" });
  const storeId = await createStore(database.service, by, { tenantId, closeoutMinute, ...facts });
  return { ok: true, result: { storeId }, text: `Made store ${storeId}, ${facts.name}.` };
}

async function list(
  { tenant: tenantId, archived: withArchived = false }: ListOptions,
  { scope, log }: ActionContext,
): Promise<ActionResult> {
  const { database } = await openInstallation({ scope, log, role: "command" });
  if (tenantId !== undefined) await requireTenant(database.service, tenantId);
  const found = await listStores(database.service, { tenantId, withArchived });
  const stores = found.map(({ closeoutMinute, ...store }) => ({
    ...store,
    closeout: wallTime(closeoutMinute),
  }));
  const text = table(
    ["store", "name", "time zone", "currency", "closeout", "tenant"],
    stores.map((one) => [
      one.storeId,
      one.name,
      one.timeZone,
      one.currency,
      one.closeout,
      one.tenantId,
    ]),
  );
  return { ok: true, result: { stores }, text };
}

function wallTime(minuteOfDay: number): string {
  const two = (part: number) => String(part).padStart(2, "0");
  return `${two(Math.floor(minuteOfDay / 60))}:${two(minuteOfDay % 60)}`;
}
