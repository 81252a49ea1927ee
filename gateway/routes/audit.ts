import { type AuditEvent, listAudit, principalOf } from "@tillcast/accounts";
import type { HttpServer } from "@tillcast/core/http";
import { type AuditEventView, AuditPage, AuditQuery } from "@tillcast/schemas";
import type { z } from "zod";
import type { GatewayDeps } from "../deps.ts";
import { readAs } from "../queries/as-principal.ts";

const description = `Sign-ins, failed ones too, and every change that a person, a key or an operator made. Kept for
seven years; nobody can change it.`;

/** Who changed what in the caller's tenant. */
export default async function auditRoutes(app: HttpServer, deps: GatewayDeps): Promise<void> {
  app.get(
    "/v1/audit",
    {
      config: { access: "tenant:manage", limit: "requests" },
      schema: {
        tags: ["accounts"],
        summary: "Who changed what, the newest first",
        description,
        querystring: AuditQuery,
        response: { 200: AuditPage },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      const { tenantId } = principal;
      const { action, cursor: before, limit } = request.query;
      const found = await readAs(deps.database, principal, (tx) =>
        listAudit(tx, { tenantId, action, before, maxCount: limit + 1 }),
      );
      const shown = found.slice(0, limit);
      return {
        events: shown.map(viewEvent),
        nextCursor: found.length > limit ? (shown.at(-1)?.auditId ?? null) : null,
      };
    },
  );
}

function viewEvent({ tenantId: _, at, ...event }: AuditEvent): z.output<typeof AuditEventView> {
  return { ...event, at: new Date(at).toISOString(), detail: { ...event.detail } };
}
