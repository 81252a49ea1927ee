import { requireTenant } from "@tillcast/accounts";
import { readSettings } from "@tillcast/core";
import type { Job } from "@tillcast/core/work";
import {
  forecasterSettings,
  requestPrediction,
  requestTraining,
  startForecaster,
} from "@tillcast/forecaster";
import type { ActionResult } from "../run-action.ts";
import type { ChangeContext } from "../run-change.ts";
import { jobEnded, jobPhrase } from "./follow-job.ts";
import { type Installation, openInstallation } from "./installation.ts";
import { runUnlessServed } from "./unless-served.ts";

/** Of the two jobs of a tenant, training takes nearly all the time. */
const trainingShare = 0.9;

/** Trains and forecasts as visible jobs, done by the server where one runs; resolves when they are done. */
export async function retrain(
  tenantId: string | undefined,
  { scope, log, progress, signal, asked }: ChangeContext,
): Promise<ActionResult> {
  const installation = await openInstallation({ scope, log, role: "command" });
  const pool = installation.database.service;
  if (tenantId !== undefined) await requireTenant(pool, tenantId);
  const tenantIds = tenantId === undefined ? await tenantsWithStores(installation) : [tenantId];
  await asked(pool, { tenantId: tenantId ?? null, subject: "forecast" });
  await runUnlessServed(scope, installation, "forecast", () =>
    // Only what was asked for: the schedule's own trainings wait for a server.
    startForecaster({
      ...installation,
      settings: { ...readSettings(forecasterSettings, process.env), FORECAST_TRAINING: "off" },
    }),
  );
  const done: Job[] = [];
  for (const [index, one] of tenantIds.entries()) {
    const follow = (job: Job, from: number, share: number) =>
      jobEnded(pool, job, signal, (state) =>
        progress.update(
          (index + from + share * state.progress) / tenantIds.length,
          jobPhrase(state),
        ),
      );
    done.push(await follow(await requestTraining({ pool }, one), 0, trainingShare));
    const prediction = await requestPrediction({ pool }, one);
    done.push(await follow(prediction, trainingShare, 1 - trainingShare));
  }
  const jobs = done.map(({ jobId, tenantId: of, kind, state, message, error }) => ({
    jobId,
    tenantId: of,
    kind,
    state,
    message,
    error,
  }));
  return {
    ok: jobs.every((job) => job.state === "done"),
    result: { jobs },
    text:
      jobs.length === 0
        ? "There is no store to forecast."
        : done.map((job) => `${job.tenantId} ${job.kind}: ${jobPhrase(job)}`).join("\n"),
  };
}

async function tenantsWithStores({ database }: Installation): Promise<string[]> {
  const { rows } = await database.service.query<{ tenant_id: string }>(
    "select distinct tenant_id from store order by tenant_id",
  );
  return rows.map((row) => row.tenant_id);
}
