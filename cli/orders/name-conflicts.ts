import { appError } from "@tillcast/core";
import {
  decideNames,
  listNameConflicts,
  type NameConflictDecision,
  nameConflictDecisions,
  viewNameConflict,
} from "@tillcast/core/orders";
import { appendDecidedNames } from "@tillcast/ingest";
import type { NameConflictView, OrderPicture } from "@tillcast/schemas";
import { type Command, Option } from "commander";
import { readId, readWhole } from "../arguments.ts";
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

interface ListOptions {
  readonly tenant?: string;
  readonly feed?: string;
  readonly decided?: boolean;
  readonly max: number;
}

interface DecideOptions {
  readonly as: string;
  readonly feed?: string;
  readonly tenant?: string;
}

/** Shown at once unless another number is asked for; a screenful or two. */
const listMaxCount = 100;
/** Decided at most by one command; more are left for the next. */
const decideMaxCount = 10_000;

/** What a decision is called on the command line. */
const decisionNames = nameConflictDecisions.map((decision) => decision.replace("_", "-"));

/** Adds the commands about orders that bear the number of another. */
export function addNameConflicts(group: Command): void {
  narrowed(group.command("conflicts"))
    .description("list orders that bear the number of another order and are not counted")
    .option("--decided", "also those that are decided")
    .option("--max <count>", "most of them", readWhole(1, decideMaxCount), listMaxCount)
    .addOption(jsonOption())
    .addHelpText("after", example("orders conflicts"))
    .action((options: ListOptions, command: Command) =>
      runAction(command, (context) => list(options, context)),
    );
  narrowed(group.command("decide [ids...]"))
    .description("say what such orders are: a correction, another sale, or nothing to count")
    .addOption(
      new Option("--as <decision>", "what they are").choices(decisionNames).makeOptionMandatory(),
    )
    .addOption(jsonOption())
    .addHelpText(
      "after",
      example(
        "orders decide ID --as another-sale",
        "orders decide --feed push/A/L --as correction",
      ),
    )
    .action((ids: string[], options: DecideOptions, command: Command) =>
      runChange(command, (context) => decide(ids, options, context)),
    );
}

const narrowed = (command: Command): Command =>
  command
    .option("--tenant <id>", "only this tenant's", readId)
    .option("--feed <source/account/location>", "only those of one feed");

async function list(options: ListOptions, { scope, log }: ActionContext): Promise<ActionResult> {
  const { database } = await openInstallation({ scope, log, role: "command" });
  const { tenant: tenantId, decided: withDecided, max: maxCount } = options;
  const filter = { tenantId, feed: readFeed(options.feed), withDecided, maxCount };
  const conflicts = (await listNameConflicts(database.service, filter)).map(viewNameConflict);
  const rows = conflicts.map((one) => [
    one.id,
    `${one.source}/${one.accountId}/${one.orderId}`,
    said(one.arrived),
    said(one.known),
    one.decision ?? one.reason,
  ]);
  const text =
    conflicts.length === 0
      ? "No order bears the number of another."
      : table(["id", "number", "arrived", "known", "why, or what was decided"], rows);
  return { ok: true, result: { conflicts } satisfies { conflicts: NameConflictView[] }, text };
}

const said = ({ openedAt, total, currency, registerId }: OrderPicture): string =>
  `${openedAt}, ${total} ${currency}${registerId === null ? "" : `, register ${registerId}`}`;

async function decide(
  ids: readonly string[],
  options: DecideOptions,
  { scope, log, by }: ChangeContext,
): Promise<ActionResult> {
  const feed = readFeed(options.feed);
  if (ids.length > 0 === (feed !== undefined)) {
    const reason = "name the ids that orders conflicts shows, or all of one --feed";
    throw appError("validationFailed", { field: "ids", reason });
  }
  const wanted = ids.map(readId);
  const { database, eventLog } = await openInstallation({ scope, log, role: "command" });
  const pool = database.service;
  const { tenant: tenantId } = options;
  const conflictIds =
    feed === undefined
      ? wanted
      : (await listNameConflicts(pool, { tenantId, feed, maxCount: decideMaxCount })).map(
          ({ conflictId }) => conflictId,
        );
  const decided = await decideNames(pool, by, {
    conflictIds,
    decision: options.as.replace("-", "_") as NameConflictDecision,
    tenantId,
  });
  const appended = await appendDecidedNames({ database, eventLog });
  const counted = appended === 0 ? "" : `; ${appended} go to the ledger`;
  return { ok: true, result: { decided, appended }, text: `Decided ${decided} orders${counted}.` };
}

/** Reads `source/account/location`; a location may have slashes. */
function readFeed(text: string | undefined) {
  if (text === undefined) return undefined;
  const [source = "", accountId = "", ...rest] = text.split("/");
  const locationId = rest.join("/");
  if (source !== "" && accountId !== "" && locationId !== "") {
    return { source, accountId, locationId };
  }
  const reason = "is not of the form source/account/location";
  throw appError("validationFailed", { field: "feed", reason });
}
