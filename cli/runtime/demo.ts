import {
  announceJob,
  enqueueJob,
  findJob,
  type Job,
  type JobContext,
  runJobs,
  type Scope,
} from "@tillcast/core";
import {
  deliverHistory,
  demoStores,
  demoTenant,
  ensureDemoTenant,
  type Ingest,
  type Scenario,
  simulatorAccountId,
  startLiveSimulation,
  usualTrouble,
} from "@tillcast/ingest";
import { addDays, localDateOf } from "@tillcast/schemas";
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
/** The year waits until the recent weeks have begun, since jobs start in the order of their time. */
const yearDelayMs = 2_000;

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
  const runner = runJobs({
    pool: database.service,
    log,
    kinds: { [historyKind]: (job, context) => simulateHistory(ingest, job, context, onProgress) },
    onChange: (job) => announceJob(installation, job),
  });
  scope.defer(() => runner.stop());
  const recent = await queueHistory(installation);
  runner.wake();
  const live = jobEnded(installation, recent.jobId, stopping.signal).then(() => {
    if (stopping.signal.aborted) return;
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
 * Queues what is missing of the past: the recent weeks, or after a pause the days since the last order;
 * and once, behind it, the rest of the year. Answers the job that live trading waits for.
 */
async function queueHistory({ database, clock }: Installation): Promise<Job> {
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
  const part = (fromDate: string, toDate: string) => ({
    kind: historyKind,
    tenantId: demoTenant.tenantId,
    payload: { fromDate, toDate, untilMs },
  });
  // A tomorrow by UTC is a today in the east.
  const from = sinceLast > weeksAgo ? sinceLast : weeksAgo;
  const recent = await enqueueJob(database.service, part(from, addDays(today, 1)));
  const year = part(addDays(today, -historyDays), addDays(weeksAgo, -1));
  if (!(await wasQueued(database.service, yearKey))) {
    await enqueueJob(database.service, { ...year, dedupeKey: yearKey, delayMs: yearDelayMs });
  }
  return recent;
}

async function wasQueued(pool: Pool, dedupeKey: string): Promise<boolean> {
  const { rows } = await pool.query(
    "select 1 from job where kind = $1 and dedupe_key = $2 limit 1",
    [historyKind, dedupeKey],
  );
  return rows.length > 0;
}

async function simulateHistory(
  ingest: Ingest,
  job: Job,
  context: JobContext,
  onProgress: (fraction: number, message: string) => void,
): Promise<void> {
  const { fromDate, toDate, untilMs } = HistoryPayload.parse(job.payload);
  await deliverHistory({
    stores: demoStores,
    scenario: demoScenario,
    fromDate,
    toDate,
    untilMs,
    deliver: (orders) => deliver(ingest, orders, true),
    onDayDone: ({ fraction, businessDate, delivered }) => {
      const message = `${delivered} orders, ${businessDate}`;
      context.progress(fraction, message);
      onProgress(fraction, message);
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
