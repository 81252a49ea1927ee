import { loadOlderAtWork, turnedAt, turnShape } from "@tillcast/core/database";
import { type AdoptedCheckpoint, adoptTopic } from "@tillcast/event-log";
import type { Command } from "commander";
import { type ActionResult, example, jsonOption } from "../run-action.ts";
import { type ChangeContext, type ChangeResult, runChange } from "../run-change.ts";
import { openInstallation } from "../runtime/installation.ts";

interface AdoptCommandOptions {
  readonly topic: string;
  readonly beyondEnd?: boolean;
  readonly belowStart?: boolean;
}

interface ShapeCommandOptions {
  readonly turn?: boolean;
}

export default function addLog(program: Command): void {
  const log = program.command("log").description("the event log");
  log
    .command("adopt")
    .description(
      "let readers go on in a topic that their checkpoints do not fit; see docs/runbook.md first",
    )
    .requiredOption("--topic <name>", "the topic, such as pos.orders.v1")
    .option("--beyond-end", "accept that the log has lost its newest records")
    .option("--below-start", "accept that the log has dropped records that were never read")
    .addOption(jsonOption())
    .addHelpText("after", example("log adopt --topic pos.orders.v1"))
    .action((options: AdoptCommandOptions, command: Command) =>
      runChange(command, (context) => adopt(options, context)),
    );
  log
    .command("shape")
    .description(
      "show in which shape records are written: this release's, or still that of the release before",
    )
    .option("--turn", "write this release's from now on; refused while an older process is at work")
    .addOption(jsonOption())
    .addHelpText("after", example("log shape", "log shape --turn"))
    .action((options: ShapeCommandOptions, command: Command) =>
      runChange(command, (context) => shape(options, context)),
    );
}

/** How long older processes are looked for; their sessions come and go with their work. */
const lookMs = 5_000;

async function shape(
  { turn = false }: ShapeCommandOptions,
  { scope, log, asked }: ChangeContext,
): Promise<ChangeResult> {
  // Opening the log makes both shapes known, so that a registry that refuses one says so before the turn.
  const installation = await openInstallation({ scope, log, role: "command" });
  const { clock, database, ownerUrl } = installation;
  if (turn) await asked(database.service, { tenantId: null, subject: "shape" });
  const hasChanged = turn && (await turnShape({ ownerUrl, lookMs, nowMs: clock.now() }));
  const since = await turnedAt(database.service);
  const older = await loadOlderAtWork(ownerUrl);
  const written = since === null ? "before" : "present";
  const result = { written, since: since?.toISOString() ?? null, hasChanged, olderAtWork: older };
  return { ok: true, isRead: !turn, result, text: describeShape(since, older) };
}

function describeShape(since: Date | null, older: readonly string[]): string {
  if (since !== null) return `This release's shapes are written, since ${since.toISOString()}.`;
  return [
    "The shapes of the release before are written; what they lack is refused by name.",
    older.length === 0
      ? "No older process is at work now; `tillcast log shape --turn` writes this release's."
      : `Older processes are at work: ${older.join(", ")}.`,
  ].join("\n");
}

async function adopt(
  { topic, beyondEnd = false, belowStart = false }: AdoptCommandOptions,
  { scope, log, asked }: ChangeContext,
): Promise<ActionResult> {
  const { database, eventLog, clock } = await openInstallation({ scope, log, role: "command" });
  await asked(database.service, { tenantId: null, subject: topic });
  const adopted = await adoptTopic(
    { pool: database.service, eventLog },
    {
      topic,
      acceptsBeyondEnd: beyondEnd,
      acceptsBelowStart: belowStart,
      at: clock.now(),
    },
  );
  return { ok: true, result: { topic, adopted }, text: describe(topic, adopted) };
}

function describe(topic: string, adopted: readonly AdoptedCheckpoint[]): string {
  if (adopted.length === 0) return `Every checkpoint on ${topic} fits; nothing was changed.`;
  return [
    ...adopted.map(
      ({ group, partition, reason, before, after }) =>
        `${group} on ${topic}/${partition}: ${reason}, from ${before.position} to ${after.position}`,
    ),
    "Written down in operator_audit. Make a new base (archive) and a new backup: the older ones do not fit this log.",
  ].join("\n");
}
