import {
  claimParkedOrders,
  countReleased,
  feedNameText,
  listParkedLocations,
  listParkedOrders,
  parseFeedName,
  requireTenant,
  tenantOfStore,
} from "@tillcast/accounts";
import { currencyExponent, formatMinor } from "@tillcast/schemas";
import type { Command } from "commander";
import { readId, readWhole } from "../arguments.ts";
import { addNameConflicts } from "../orders/name-conflicts.ts";
import {
  type ActionContext,
  type ActionResult,
  example,
  jsonOption,
  runAction,
} from "../run-action.ts";
import { type ChangeContext, runChange } from "../run-change.ts";
import { openInstallation } from "../runtime/installation.ts";
import { followReappend, keepReappending } from "../runtime/reappend.ts";
import { table } from "../table.ts";

/** Orders named unless another number is asked for; a screenful or two. */
const listMaxCount = 100;

interface ParkedOptions {
  readonly tenant?: string;
  readonly max: number;
}

interface ClaimOptions {
  readonly location: string;
  readonly store: string;
}

export default function addOrders(program: Command): void {
  const group = program
    .command("orders")
    .description(
      "orders that are kept and not counted yet: list them, say what they are, count them",
    );
  addNameConflicts(group);
  group
    .command("parked")
    .description("list orders that wait, each with its reason, and how many wait by location")
    .option("--tenant <id>", "only this tenant's orders", readId)
    .option("--max <count>", "most orders to name", readWhole(1, 10_000), listMaxCount)
    .addOption(jsonOption())
    .addHelpText("after", example("orders parked --tenant T"))
    .action((options: ParkedOptions, command: Command) =>
      runAction(command, (context) => listParked(options, context)),
    );
  group
    .command("claim")
    .description("map a location to a store, and count what is parked under it")
    .requiredOption("--location <name>", "source/account/location, as `orders parked` shows it")
    .requiredOption("--store <id>", "whose sales they are", readId)
    .addOption(jsonOption())
    .addHelpText("after", example("orders claim --location push/default/corner --store S"))
    .action((options: ClaimOptions, command: Command) =>
      runChange(command, (context) => claim(options, context)),
    );
}

async function listParked(
  { tenant, max }: ParkedOptions,
  { scope, log }: ActionContext,
): Promise<ActionResult> {
  const { database } = await openInstallation({ scope, log, role: "command" });
  if (tenant !== undefined) await requireTenant(database.service, tenant);
  const locations = await listParkedLocations(database.service, { tenantId: tenant });
  const page = await listParkedOrders(database.service, { tenantId: tenant, limit: max });
  const orders = page.orders.map((one) => ({
    ...one,
    location: feedNameText(one),
    receivedAt: new Date(one.receivedAt).toISOString(),
  }));
  const total = locations.reduce((sum, one) => sum + Number(one.orders), 0);
  const byLocation = table(
    ["location", "orders", "store", "reason"],
    locations.map((one) => [
      feedNameText(one),
      String(one.orders),
      one.storeId ?? "(none)",
      one.reason,
    ]),
  );
  const byOrder = table(
    ["order", "location", "received", "reason"],
    orders.map((one) => [one.orderId, one.location, one.receivedAt, one.reason]),
  );
  const left = total - orders.length;
  return {
    ok: true,
    result: {
      total,
      locations: locations.map((one) => ({
        ...one,
        location: feedNameText(one),
        orders: Number(one.orders),
        oldestReceivedAt: new Date(one.oldestReceivedAt).toISOString(),
      })),
      orders,
    },
    text:
      total === 0
        ? "No orders are parked."
        : `${byLocation}\n\n${byOrder}${left > 0 ? `\nand ${left} more` : ""}`,
  };
}

async function claim(options: ClaimOptions, context: ChangeContext): Promise<ActionResult> {
  const { scope, log } = context;
  const feed = parseFeedName(options.location);
  const { store: storeId } = options;
  const installation = await openInstallation({ scope, log, role: "command" });
  const { service } = installation.database;
  const tenantId = await tenantOfStore(service, storeId);
  const sinceMs = installation.clock.now();
  const queued = await claimParkedOrders(service, { tenantId, feed, storeId, by: context.by });
  await keepReappending(scope, installation);
  const job = await followReappend(service, queued, context);
  const { orders, net } = await countReleased(service, tenantId, feed, sinceMs);
  const left = (await listParkedLocations(service, { tenantId })).find(
    (one) => feedNameText(one) === feedNameText(feed),
  );
  const stays = left === undefined ? "" : `; ${left.orders} stay parked: ${left.reason}`;
  const amounts = net.map(
    ({ currency, amount }) => `${formatMinor(amount, currencyExponent(currency) ?? 0)} ${currency}`,
  );
  return {
    ok: job.state === "done" && left === undefined,
    result: { claimed: orders, net, parked: Number(left?.orders ?? 0n), jobId: job.jobId },
    text: `${orders} orders counted, net ${amounts.join(", ") || "0"}${stays}`,
  };
}
