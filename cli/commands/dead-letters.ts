import { userInfo } from "node:os";
import { appError } from "@tillcast/core";
import { type DeadLetter, listDeadLetters, placeOf, redriveDeadLetters } from "@tillcast/event-log";
import type { Command } from "commander";
import { readWhole } from "../arguments.ts";
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

interface Narrowing {
  readonly topic?: string;
  readonly group?: string;
}

interface ListOptions extends Narrowing {
  readonly redriven?: boolean;
  readonly max: number;
}

interface RedriveOptions extends Narrowing {
  readonly all?: boolean;
}

/** Shown at once unless another number is asked for; a screenful or two. */
const listMaxCount = 100;
/** Sent again at most by one command; more are left for the next. */
const redriveMaxCount = 10_000;

export default function addDeadLetters(program: Command): void {
  const group = program
    .command("dead-letters")
    .description("records that could not be taken: list them, send them again");
  narrowed(group.command("list"))
    .description("list records that were set aside, each with its reason")
    .option("--redriven", "also those that were sent again")
    .option("--max <count>", "most of them", readWhole(1, redriveMaxCount), listMaxCount)
    .addOption(jsonOption())
    .addHelpText("after", example("dead-letters list --group ingest-inbox"))
    .action((options: ListOptions, command: Command) =>
      runAction(command, (context) => list(options, context)),
    );
  narrowed(group.command("redrive [places...]"))
    .description("send records to their topic again, once the cause is gone; who did so is kept")
    .option("--all", "all that --topic and --group leave")
    .addOption(jsonOption())
    .addHelpText("after", example("dead-letters redrive pos.orders.v1/3/17"))
    .action((places: string[], options: RedriveOptions, command: Command) =>
      runChange(command, (context) => redrive(places, options, context)),
    );
}

const narrowed = (command: Command): Command =>
  command
    .option("--topic <name>", "only of this topic")
    .option("--group <name>", "only those that this group set aside");

async function list(options: ListOptions, { scope, log }: ActionContext): Promise<ActionResult> {
  const { database } = await openInstallation({ scope, log, role: "command" });
  const { topic, group, redriven = false, max: maxCount } = options;
  const filter = { topic, group, withRedriven: redriven, maxCount };
  const deadLetters = (await listDeadLetters(database.service, filter)).map(shown);
  const text = table(
    ["place", "group", "set aside at", "sent again", "reason"],
    deadLetters.map((one) => [
      one.place,
      one.group,
      one.at,
      one.redrivenAt === null ? "" : `${one.redrivenAt} by ${one.redrivenBy}`,
      one.reason,
    ]),
  );
  return { ok: true, result: { deadLetters }, text };
}

function shown(letter: DeadLetter) {
  const { topic, partition, offset, group, key, reason, at, redrivenAt, redrivenBy } = letter;
  return {
    place: placeOf(letter),
    topic,
    partition,
    offset,
    group,
    key,
    reason,
    at: new Date(at).toISOString(),
    redrivenAt: redrivenAt === null ? null : new Date(redrivenAt).toISOString(),
    redrivenBy,
  };
}

async function redrive(
  places: readonly string[],
  { topic, group, all = false }: RedriveOptions,
  { scope, log, asked }: ChangeContext,
): Promise<ActionResult> {
  if (places.length > 0 === all) {
    const reason = "name the places that dead-letters list shows, or say --all";
    throw appError("validationFailed", { field: "places", reason });
  }
  const installation = await openInstallation({ scope, log, role: "command" });
  const { eventLog, clock } = installation;
  const pool = installation.database.service;
  const wanted = all ? undefined : places;
  const filter = { topic, group, places: wanted, maxCount: redriveMaxCount };
  const letters = await listDeadLetters(pool, filter);
  const found = new Set(letters.map(placeOf));
  const missing = places.filter((place) => !found.has(place));
  if (missing.length > 0) {
    throw appError("notFound", { what: `dead letter ${missing.join(", ")} that waits` });
  }
  const deps = { pool, eventLog, clock };
  const detail = { topic, group, records: letters.length };
  await asked(pool, { tenantId: null, subject: all ? "all" : places.join(" "), detail });
  const redriven = await redriveDeadLetters(deps, letters, userInfo().username);
  return { ok: true, result: { redriven }, text: `Sent ${redriven} records again.` };
}
