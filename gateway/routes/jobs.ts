import { type Principal, principalOf } from "@tillcast/accounts";
import { appError, writeAuditEvent } from "@tillcast/core";
import type { HttpServer } from "@tillcast/core/http";
import { listJobs } from "@tillcast/core/work";
import { JobList, JobRequest, JobView } from "@tillcast/schemas";
import type { GatewayDeps } from "../deps.ts";
import { actorIn } from "../http/request-actor.ts";
import { readAs } from "../queries/as-principal.ts";
import { loadInstallationJobs, seesInstallation, viewJob } from "../queries/jobs.ts";

/** Long work: what runs, and how far it is. */
export default async function jobRoutes(app: HttpServer, deps: GatewayDeps): Promise<void> {
  app.get(
    "/v1/jobs",
    {
      config: { access: "sales:read", limit: "requests" },
      schema: { tags: ["jobs"], summary: "The newest jobs first", response: { 200: JobList } },
    },
    async (request) => ({ jobs: await jobsFor(principalOf(request), deps) }),
  );

  app.post(
    "/v1/jobs",
    {
      config: { access: "jobs:run", limit: "requests", audit: "job requested" },
      schema: {
        tags: ["jobs"],
        summary: "Start a job",
        description: "Answers the job that waits or runs already where there is one of this kind.",
        body: JobRequest,
        response: { 202: JobView },
      },
    },
    async (request, reply) => {
      const { tenantId } = principalOf(request);
      const { kind } = request.body;
      const enqueue = Object.hasOwn(deps.jobs, kind) ? deps.jobs[kind] : undefined;
      if (enqueue === undefined) {
        const reason = `is not one of ${Object.keys(deps.jobs).join(", ")}`;
        throw appError("validationFailed", { field: "body.kind", reason });
      }
      const job = await enqueue(tenantId);
      await writeAuditEvent(deps.database.service, actorIn(request, deps.clock), "job requested", {
        tenantId,
        subject: job.jobId,
        detail: { kind },
      });
      return reply.code(202).send(viewJob(job));
    },
  );
}

async function jobsFor(principal: Principal, deps: GatewayDeps): Promise<JobView[]> {
  const own = await readAs(deps.database, principal, (tx) => listJobs(tx));
  const installation = seesInstallation(principal)
    ? await loadInstallationJobs(deps.database.service)
    : [];
  return [...own, ...installation].sort((a, b) => b.createdAt - a.createdAt).map(viewJob);
}
