import { randomUUID } from "node:crypto";
import { inTransaction } from "@tillcast/core";
import type { Command } from "commander";
import {
  readCountry,
  readCurrency,
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
  select store_id, tenant_id, name, time_zone, currency, country,
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
  const group = program.command("store").description("make and list stores");
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
