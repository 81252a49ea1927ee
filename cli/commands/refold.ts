import { requestRefold } from "@tillcast/proofs";
import type { Command } from "commander";
import { type ActionResult, example, jsonOption } from "../run-action.ts";
import { type ChangeContext, runChange } from "../run-change.ts";
import { keepCounting } from "../runtime/counting.ts";
import { jobEnded, jobPhrase } from "../runtime/follow-job.ts";
import { openInstallation } from "../runtime/installation.ts";

export default function addRefold(program: Command): void {
  program
    .command("refold")
    .description(
      "post the differences that this version's arithmetic makes for orders of an older one, beside a running server",
    )
    .addOption(jsonOption())
    .addHelpText("after", example("refold"))
    .action((_options: unknown, command: Command) => runChange(command, refold));
}

async function refold({
  scope,
  log,
  progress,
  signal,
  asked,
}: ChangeContext): Promise<ActionResult> {
  const installation = await openInstallation({ scope, log, role: "command" });
  const pool = installation.database.service;
  await asked(pool, { tenantId: null, subject: "ledger" });
  await keepCounting(scope, installation);
  const job = await jobEnded(pool, await requestRefold(pool), signal, (state) =>
    progress.update(state.progress, jobPhrase(state)),
  );
  const { jobId, state, message, error } = job;
  return {
    ok: state === "done",
    result: { jobId, state, message, error },
    text: jobPhrase(job),
  };
}
