import { randomUUID } from "node:crypto";
import { changeStore, type StoreChange } from "@tillcast/accounts";
import { appError, currentOperator } from "@tillcast/core";
import { inTransaction } from "@tillcast/core/database";
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
import { openInstallation } from "../runtime/installation.ts";
import { tenantOfStore } from "../runtime/tenant-of.ts";
import { requireTenant } from "../runtime/tenants.ts";
import { table } from "../table.ts";

const insertStore = `
  insert into store (store_id, tenant_id, name, time_zone, currency, country)
  values ($1, $2, $3, $4, $5, $6)`;

/** From before any sale can lie, so that every one has a business date. */
const insertCloseout = `
  insert into store_closeout (store_id, tenant_id, effective_from, closeout_minute)
  values ($1, $2, '2000-01-01', $3)`;

const selectStores = `
  select store_id, tenant_id, name, present_time_zone(store_id, time_zone) as time_zone, currency, country,
    groups, closed_from::text,
    (
      select closeout_minute from store_closeout
      where store_closeout.store_id = store.store_id and effective_from <= current_date
      order by effective_from desc
      limit 1
    ) as closeout_minute
  from store
  where $1::uuid is null or tenant_id = $1
  order by created_at, store_id`;

interface StoreRow {
  readonly store_id: string;
  readonly tenant_id: string;
  readonly name: string;
  readonly time_zone: string;
  readonly currency: string;
  readonly country: string | null;
  readonly groups: readonly string[];
  readonly closed_from: string | null;
  readonly closeout_minute: number | null;
}

interface NewStore {
  readonly tenant: string;
  readonly name: string;
  readonly timeZone: string;
  readonly currency: string;
  readonly closeout: number;
  readonly country?: string;
}

export default function addStore(program: Command): void {
  const group = program.command("store").description("make, list and set stores");
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
      runAction(command, (context) => createStore(options, context)),
    );
  group
    .command("list")
    .description("list all stores, or those of one tenant")
    .option("--tenant <id>", "only this tenant's stores", readId)
    .addOption(jsonOption())
    .addHelpText("after", example("store list --tenant T"))
    .action((options: { tenant?: string }, command: Command) =>
      runAction(command, (context) => listStores(options.tenant, context)),
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
      runAction(command, (context) => setStore(storeId, options, context)),
    );
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
  { scope, log }: ActionContext,
): Promise<ActionResult> {
  const change = changeOf(options);
  const { database, clock } = await openInstallation({ scope, log, role: "command" });
  await changeStore(database.service, {
    tenantId: await tenantOfStore(database.service, storeId),
    storeId,
    change,
    decidedBy: currentOperator(),
    decidedAt: clock.now(),
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

async function createStore(store: NewStore, { scope, log }: ActionContext): Promise<ActionResult> {
  const { database } = await openInstallation({ scope, log, role: "command" });
  await requireTenant(database.service, store.tenant);
  const storeId = randomUUID();
  const { tenant, name, timeZone, currency, country = null } = store;
  await inTransaction(database.service, async (tx) => {
    await tx.query(insertStore, [storeId, tenant, name, timeZone, currency, country]);
    await tx.query(insertCloseout, [storeId, tenant, store.closeout]);
  });
  return { ok: true, result: { storeId }, text: `Made store ${storeId}, ${name}.` };
}

async function listStores(
  tenantId: string | undefined,
  { scope, log }: ActionContext,
): Promise<ActionResult> {
  const { database } = await openInstallation({ scope, log, role: "command" });
  if (tenantId !== undefined) await requireTenant(database.service, tenantId);
  const { rows } = await database.service.query<StoreRow>(selectStores, [tenantId ?? null]);
  const stores = rows.map((row) => ({
    storeId: row.store_id,
    tenantId: row.tenant_id,
    name: row.name,
    timeZone: row.time_zone,
    currency: row.currency,
    country: row.country,
    groups: row.groups,
    closedFrom: row.closed_from,
    closeout: wallTime(row.closeout_minute ?? 0),
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
