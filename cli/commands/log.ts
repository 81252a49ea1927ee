import { type AdoptedCheckpoint, adoptTopic } from "@tillcast/core";
import type { Command } from "commander";
import {
  type ActionContext,
  type ActionResult,
  example,
  jsonOption,
  runAction,
} from "../run-action.ts";
import { openInstallation } from "../runtime/installation.ts";

interface AdoptCommandOptions {
  readonly topic: string;
  readonly beyondEnd?: boolean;
  readonly belowStart?: boolean;
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
      runAction(command, (context) => adopt(options, context)),
    );
}

async function adopt(
  { topic, beyondEnd = false, belowStart = false }: AdoptCommandOptions,
  { scope, log }: ActionContext,
): Promise<ActionResult> {
  const { database, eventLog, clock } = await openInstallation({ scope, log, role: "command" });
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
