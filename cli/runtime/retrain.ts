import { setTimeout as pause } from "node:timers/promises";
import { findJob, type Job, readSettings } from "@tillcast/core";
import {
  forecasterSettings,
  requestPrediction,
  requestTraining,
  startForecaster,
} from "@tillcast/forecaster";
import type { ActionContext, ActionResult } from "../run-action.ts";
import { type Installation, openInstallation } from "./installation.ts";
import { requireTenant } from "./tenants.ts";
import { runUnlessServed } from "./unless-served.ts";

/** How often a job's row is looked at. */
const lookEveryMs = 200;

/** Of the two jobs of a tenant, training takes nearly all the time. */
const trainingShare = 0.9;

/** Trains and forecasts as visible jobs, done by the server where one runs; resolves when they are done. */
export async function retrain(
  tenantId: string | undefined,
  { scope, log, progress, signal }: ActionContext,
): Promise<ActionResult> {
  const installation = await openInstallation({ scope, log, role: "command" });
  const pool = installation.database.service;
  if (tenantId !== undefined) await requireTenant(pool, tenantId);
  const tenantIds = tenantId === undefined ? await tenantsWithStores(installation) : [tenantId];
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
      jobEnded(installation, job, signal, (state) =>
        progress.update((index + from + share * state.progress) / tenantIds.length, phrase(state)),
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
        : done.map((job) => `${job.tenantId} ${job.kind}: ${phrase(job)}`).join("\n"),
  };
}

function phrase({ kind, state, message, error }: Job): string {
  if (state === "queued") return `${kind} waits${error === null ? "" : ` after: ${error}`}`;
  if (state === "failed") return `failed: ${error ?? "unknown"}`;
  return message === "" ? state : message;
}

async function tenantsWithStores({ database }: Installation): Promise<string[]> {
  const { rows } = await database.service.query<{ tenant_id: string }>(
    "select distinct tenant_id from store order by tenant_id",
  );
  return rows.map((row) => row.tenant_id);
}

/** Follows a job until it is done or has failed for good. */
async function jobEnded(
  { database }: Installation,
  { jobId }: Job,
  signal: AbortSignal,
  onChange: (job: Job) => void,
): Promise<Job> {
  for (;;) {
    const job = await findJob(database.service, jobId);
    if (job === undefined) throw new Error(`job ${jobId} is gone`);
    onChange(job);
    if (job.state === "done" || job.state === "failed") return job;
    await pause(lookEveryMs, undefined, { signal });
  }
}
