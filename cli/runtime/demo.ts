import type { Scope } from "@tillcast/core";
import {
  announceJob,
  enqueueJob,
  findJob,
  type Job,
  type JobContext,
  type NewJob,
  runJobs,
} from "@tillcast/core/work";
import type { Ingest } from "@tillcast/ingest";
import { addDays, localDateOf } from "@tillcast/schemas";
import {
  deliverHistory,
  demoStores,
  demoTenant,
  ensureDemoTenant,
  type Scenario,
  simulatorAccountId,
  startLiveSimulation,
  usualTrouble,
} from "@tillcast/simulator";
import type { Pool } from "pg";
import { z } from "zod";
import type { Installation } from "./installation.ts";

/** The same year of sales each time. */
const demoScenario: Scenario = { seed: 2026, accountId: simulatorAccountId, trouble: usualTrouble };
/** What a first screen needs: enough weeks for a baseline. */
const recentDays = 56;
const historyDays = 365;
const historyKind = "simulate-history";
const yearKey = "year";
/** Small batches leave the process free to answer the dashboard in between. */
const historyBatchMaxCount = 100;

const HistoryPayload = z.object({ fromDate: z.string(), toDate: z.string(), untilMs: z.number() });

/** How the demo runs. */
export interface DemoOptions {
  readonly ingest: Ingest;
  /** How much faster than real time the stores trade. */
  readonly speed: number;
  readonly onProgress: (fraction: number, message: string) => void;
}

/** The demo tenant's stores, trading. */
export interface Demo {
  /** Resolves when the recent weeks are in and the stores trade live. */
  readonly live: Promise<void>;
}

/**
 * Lets the demo tenant's stores trade: first their last eight weeks, then live; the rest of the year
 * follows as a visible job. A restart repeats nothing, since simulated orders are always the same.
 */
export async function startDemo(
  scope: Scope,
  installation: Installation,
  { ingest, speed, onProgress }: DemoOptions,
): Promise<Demo> {
  const { database, clock, log } = installation;
  const stopping = new AbortController();
  await ensureDemoTenant(database.service);
  // Jobs of an earlier run may go on before the present one's is queued.
  let recentJobId: string | undefined;
  const runner = runJobs({
    pool: database.service,
    log,
    kinds: [
      {
        name: historyKind,
        // The recent weeks do not wait for a year that an earlier run left.
        atOnce: 2,
        perTenant: 2,
        run: (job, context) => simulateHistory(ingest, job, context),
      },
    ],
    onChange: (job) => {
      announceJob(installation, job);
      if (job.jobId === recentJobId) onProgress(job.progress, job.message);
    },
  });
  scope.defer(() => runner.stop());
  const recent = await queueRecent(installation);
  recentJobId = recent.jobId;
  runner.wake();
  const live = jobEnded(installation, recent.jobId, stopping.signal).then(async () => {
    if (stopping.signal.aborted) return;
    await queueYear(installation);
    runner.wake();
    const simulation = startLiveSimulation({
      stores: demoStores,
      scenario: demoScenario,
      clock,
      speed,
      signal: stopping.signal,
      deliver: (orders) => deliver(ingest, orders, false),
      heartbeat: ({ source, ...beat }) =>
        ingest.acceptHeartbeat(demoTenant.tenantId, { source, ...beat }),
      onError: (error) => log.warn({ err: error }, "simulated orders not taken; trying again"),
    });
    scope.defer(() => simulation.stop());
  });
  scope.defer(() => {
    stopping.abort();
    return live.catch(() => {});
  });
  return { live };
}

async function deliver(
  ingest: Ingest,
  orders: readonly unknown[],
  isHistory: boolean,
): Promise<void> {
  await ingest.accept({ tenantId: demoTenant.tenantId, storeIds: null, orders, isHistory });
}

/**
 * Queues what is missing of the recent past: its last weeks, or after a pause the days since the last
 * order. Live trading waits for this job.
 */
async function queueRecent({ database, clock }: Installation): Promise<Job> {
  const untilMs = clock.now();
  const today = localDateOf(untilMs, "UTC");
  const { rows } = await database.service.query<{ last_event: Date | null }>(
    "select max(last_event_at) as last_event from feed where tenant_id = $1",
    [demoTenant.tenantId],
  );
  const lastEvent = rows[0]?.last_event ?? null;
  const weeksAgo = addDays(today, -recentDays);
  const sinceLast =
    lastEvent === null ? weeksAgo : addDays(localDateOf(lastEvent.getTime(), "UTC"), -1);
  const fromDate = sinceLast > weeksAgo ? sinceLast : weeksAgo;
  // A tomorrow by UTC is a today in the east.
  return enqueueJob(database.service, historyJob(fromDate, addDays(today, 1), untilMs));
}

/** Queues the rest of the year, once. */
async function queueYear({ database, clock }: Installation): Promise<void> {
  const untilMs = clock.now();
  const today = localDateOf(untilMs, "UTC");
  if (await hasYear(database.service, addDays(today, -Math.floor(historyDays / 2)))) return;
  const year = historyJob(addDays(today, -historyDays), addDays(today, -recentDays - 1), untilMs);
  await enqueueJob(database.service, { ...year, dedupeKey: yearKey });
}

const historyJob = (fromDate: string, toDate: string, untilMs: number): NewJob => ({
  kind: historyKind,
  tenantId: demoTenant.tenantId,
  payload: { fromDate, toDate, untilMs },
});

const selectYear = `
  select exists (select from job where kind = $1 and dedupe_key = $2)
    or exists (
      select from rollup_day r where r.tenant_id = $3 and r.business_date < $4
    ) as "hasYear"`;

/** Whether the year was queued: its job is swept a month after its end, its sales stay. */
async function hasYear(pool: Pool, halfAgo: string): Promise<boolean> {
  const values = [historyKind, yearKey, demoTenant.tenantId, halfAgo];
  const { rows } = await pool.query<{ hasYear: boolean }>(selectYear, values);
  return rows[0]?.hasYear === true;
}

async function simulateHistory(ingest: Ingest, job: Job, context: JobContext): Promise<void> {
  const { fromDate, toDate, untilMs } = HistoryPayload.parse(job.payload);
  await deliverHistory({
    stores: demoStores,
    scenario: demoScenario,
    fromDate,
    toDate,
    untilMs,
    batchMaxCount: historyBatchMaxCount,
    deliver: (orders) => deliver(ingest, orders, true),
    onDayDone: ({ fraction, businessDate, delivered }) => {
      context.progress(fraction, `${delivered} orders, ${businessDate}`);
    },
    signal: context.signal,
  });
}

const lookAgainMs = 200;

async function jobEnded(
  { database }: Installation,
  jobId: string,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const job = await findJob(database.service, jobId);
    if (job === undefined || job.state === "done" || job.state === "failed") return;
    await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
  }
}
