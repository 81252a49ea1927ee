import type { Principal } from "@tillcast/accounts";
import { runStatement, type Statement } from "@tillcast/core/database";
import type { Job } from "@tillcast/core/work";
import type { JobView } from "@tillcast/schemas";
import type { Pool } from "pg";

/** Work of the whole installation is for its operators; an owner owns a tenant (docs/adr/0024). */
export function seesInstallation(principal: Principal): boolean {
  return principal.role === "operator" && principal.runsInstallation === true;
}

/** The part of a job that people see. */
export type VisibleJob = Pick<
  Job,
  "jobId" | "kind" | "state" | "progress" | "message" | "error" | "createdAt" | "finishedAt"
>;

const selectInstallationJobs: Statement = {
  name: "gateway-installation-jobs",
  text: `
    select
      job_id as "jobId",
      kind,
      state,
      progress,
      message,
      error,
      created_at as "createdAt",
      finished_at as "finishedAt"
    from job
    where tenant_id is null
    order by created_at desc
    limit 100`,
};

/** The newest jobs of no tenant; row security hides them from every tenant's connection. */
export async function loadInstallationJobs(service: Pool): Promise<VisibleJob[]> {
  const { rows } = await runStatement<VisibleJob>(service, selectInstallationJobs, []);
  return rows;
}

/** A job as REST shows it. */
export function viewJob(job: VisibleJob): JobView {
  return {
    jobId: job.jobId,
    kind: job.kind,
    state: job.state,
    progress: job.progress,
    message: job.message,
    error: job.error,
    createdAt: new Date(job.createdAt).toISOString(),
    finishedAt: job.finishedAt === null ? null : new Date(job.finishedAt).toISOString(),
  };
}
