import { resolve } from "node:path";
import { appError } from "@tillcast/core";
import { findGap, type Gap, type Restored, restoreBackup } from "@tillcast/proofs";
import type { Command } from "commander";
import { type ActionResult, example, jsonOption } from "../run-action.ts";
import { type ChangeContext, runChange } from "../run-change.ts";
import { openInstallation } from "../runtime/installation.ts";
import { isServed } from "../runtime/is-served.ts";

interface RestoreCommandOptions {
  readonly from: string;
  readonly overwrite?: boolean;
  readonly logStart?: boolean;
}

export default function addRestore(program: Command): void {
  program
    .command("restore")
    .description("fill an empty database from a backup, and say what cannot be brought back")
    .requiredOption("--from <dir>", "the backup's folder")
    .option("--overwrite", "empty the database first, whatever it holds")
    .option("--log-start", "read a log that survived from its start; always right, and slower")
    .addOption(jsonOption())
    .addHelpText("after", example("restore --from /backups/2026-11-27"))
    .action((options: RestoreCommandOptions, command: Command) =>
      runChange(command, (context) => restore(options, context)),
    );
}

async function restore(
  { from, overwrite = false, logStart = false }: RestoreCommandOptions,
  { scope, log, progress, asked }: ChangeContext,
): Promise<ActionResult> {
  const installation = await openInstallation({ scope, log, role: "command" });
  if (await isServed(installation.ownerUrl)) {
    throw appError("conflict", { reason: "a server works on this database; stop it first" });
  }
  const startedAt = performance.now();
  const restored = await restoreBackup(installation, {
    folder: resolve(from),
    overwrite,
    fromLogStart: logStart,
    onProgress: progress.update,
  });
  const { manifest, rows, topics } = restored;
  // After the work: the restored tables have replaced what was written before it.
  await asked(installation.database.service, {
    tenantId: null,
    subject: manifest.copyId,
    detail: { overwrite, rows },
  });
  const isLogNew = topics.some((topic) => topic.log === "new");
  const gap = isLogNew
    ? await findGap(installation.database.service, manifest.finishedAt, installation.clock.now())
    : null;
  const seconds = Math.round(performance.now() - startedAt) / 1_000;
  return {
    ok: true,
    result: { backupId: manifest.copyId, rows, topics, gap: gap && shownGap(gap), seconds },
    text: describe(restored, gap),
  };
}

const shownGap = ({ from, to, feeds }: Gap) => ({
  from: new Date(from).toISOString(),
  to: new Date(to).toISOString(),
  feeds,
});

/** A tenant may have thousands of feeds. */
const feedsShownMax = 50;

function describe({ rows, topics }: Restored, gap: Gap | null): string {
  const appended = topics.reduce((sum, topic) => sum + topic.appended, 0);
  const first = `${rows} rows restored; the totals are built anew, and every screen will ask for a new picture.`;
  if (gap === null) {
    return [
      first,
      "The log that the backup was taken beside is still there: it is read on from the backup's positions, and nothing is lost.",
      "Make a new backup when npm start has caught up.",
    ].join("\n");
  }
  const { from, to, feeds } = shownGap(gap);
  return [
    first,
    `The log is another one. ${appended} records that the backup had of the old log were appended to it, and are counted when a server runs.`,
    `Not brought back: what was accepted from ${from} on (up to the failure, at the latest ${to}), by the time it was received. Let these feeds send that time again; what is known already is counted once:`,
    ...feeds
      .slice(0, feedsShownMax)
      .map(
        (feed) =>
          `  ${feed.source}/${feed.accountId}/${feed.locationId}, store ${feed.storeId ?? "unknown"}`,
      ),
    ...(feeds.length > feedsShownMax
      ? [`  and ${feeds.length - feedsShownMax} more; --json has them all`]
      : []),
    "Then make a base (archive) and a new backup: the log alone no longer rebuilds the tables.",
  ].join("\n");
}
