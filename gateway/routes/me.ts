import { principalOf } from "@tillcast/accounts";
import { appError } from "@tillcast/core";
import type { HttpServer } from "@tillcast/core/http";
import { Me } from "@tillcast/schemas";
import type { GatewayDeps } from "../deps.ts";
import { readAs } from "../queries/as-principal.ts";
import { loadMe } from "../queries/me.ts";

/** Who is signed in. */
export default async function meRoutes(app: HttpServer, deps: GatewayDeps): Promise<void> {
  app.get(
    "/v1/me",
    {
      config: { access: "signed-in", limit: "requests" },
      schema: { tags: ["session"], summary: "Who you are", response: { 200: Me } },
    },
    async (request) => {
      const principal = principalOf(request);
      const { tenantId, userId } = principal;
      const me = await readAs(deps.database, principal, (tx) => loadMe(tx, tenantId, userId));
      if (me === undefined) throw appError("notFound", { what: "tenant of these credentials" });
      return {
        userId: userId ?? null,
        email: principal.email ?? null,
        role: principal.role ?? "key",
        tenantId,
        ...me,
      };
    },
  );
}
