import { principalOf } from "@tillcast/accounts";
import type { HttpServer } from "@tillcast/core/http";
import { decideNames, listNameConflicts, viewNameConflict } from "@tillcast/core/orders";
import {
  NameConflictList,
  NameConflictParams,
  NameConflictsQuery,
  NameDecisionRequest,
  NameDecisionResponse,
} from "@tillcast/schemas";
import type { GatewayDeps } from "../deps.ts";
import { actorIn } from "../http/request-actor.ts";
import { readAs } from "../queries/as-principal.ts";

/** Conflicts shown at once; those who have more are better served by setting the feed's numbering. */
const listMaxCount = 500;

const description = `Orders that bear the number of another order and do not fit it: of another store, of another
register, or opened at another time. Each is kept with the order that was known then (\`known\`) and is counted
nowhere until it is decided, or until its feed's numbering is set.`;

const decisionDescription = `\`correction\`: it is the known order, and takes its place where its version is newer.
\`another_sale\`: it is counted beside the known order. \`discard\`: it stays uncounted. Later pictures of the same
bill that wait are decided with it, except by a discard. It is counted within moments.`;

/** Orders under another's number: which there are, and what they are. */
export default async function nameConflictRoutes(
  app: HttpServer,
  deps: GatewayDeps,
): Promise<void> {
  app.get(
    "/v1/name-conflicts",
    {
      config: { access: "names:decide", limit: "requests" },
      schema: {
        tags: ["orders"],
        summary: "Orders that bear the number of another",
        description,
        querystring: NameConflictsQuery,
        response: { 200: NameConflictList },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      const { tenantId, storeIds } = principal;
      const withDecided = request.query.decided === "yes";
      const filter = { tenantId, storeIds, withDecided, maxCount: listMaxCount + 1 };
      const found = await readAs(deps.database, principal, (tx) => listNameConflicts(tx, filter));
      return {
        conflicts: found.slice(0, listMaxCount).map(viewNameConflict),
        isCut: found.length > listMaxCount,
      };
    },
  );

  app.post(
    "/v1/name-conflicts/:conflictId/decision",
    {
      config: { access: "names:decide", limit: "requests", audit: "order names decided" },
      schema: {
        tags: ["orders"],
        summary: "Say what such an order is",
        description: decisionDescription,
        params: NameConflictParams,
        body: NameDecisionRequest,
        response: { 200: NameDecisionResponse },
      },
    },
    async (request) => {
      const { tenantId, storeIds } = principalOf(request);
      const by = actorIn(request, deps.clock);
      const decided = await decideNames(deps.database.service, by, {
        conflictIds: [request.params.conflictId],
        decision: request.body.as,
        tenantId,
        storeIds,
      });
      return { decided };
    },
  );
}
