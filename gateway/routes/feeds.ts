import { changeFeed, type FeedFacts, findFeed, listFeeds, principalOf } from "@tillcast/accounts";
import type { HttpServer } from "@tillcast/core/http";
import { FeedList, FeedParams, FeedPatch, FeedPatched, type FeedView } from "@tillcast/schemas";
import type { z } from "zod";
import type { GatewayDeps } from "../deps.ts";
import { actorIn } from "../http/request-actor.ts";
import { readAs } from "../queries/as-principal.ts";
import { viewJob } from "../queries/jobs.ts";

const changeDescription = `Each change raises the feed's \`mappingRevision\` and is kept with who decided it. A
change of store, authority or numbering appends the feed's orders again, as a job, and moves them without
counting any twice. A location may be mapped before its first order came.`;

/** The tenant's feeds, and what is set of them. */
export default async function feedRoutes(app: HttpServer, deps: GatewayDeps): Promise<void> {
  app.get(
    "/v1/feeds",
    {
      config: { access: "sales:read", limit: "requests" },
      schema: {
        tags: ["feeds"],
        summary: "Feeds with their store, their rules, and what is parked or not counted",
        response: { 200: FeedList },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      const { tenantId, storeIds } = principal;
      const { feeds, isCut } = await readAs(deps.database, principal, (tx) =>
        listFeeds(tx, { tenantId, storeIds }),
      );
      return { feeds: feeds.map(viewFeedFacts), isCut };
    },
  );

  app.patch(
    "/v1/feeds/:source/:accountId/:locationId",
    {
      config: { access: "tenant:manage", limit: "requests", audit: "feed set" },
      schema: {
        tags: ["feeds"],
        summary:
          "Map a feed to a store, or set its authority dates, numbering, rounding or currency",
        description: changeDescription,
        params: FeedParams,
        body: FeedPatch,
        response: { 200: FeedPatched },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      const { tenantId } = principal;
      const feed = request.params;
      const { rounding, ...change } = request.body;
      const job = await changeFeed(deps.database.service, {
        tenantId,
        feed,
        change: {
          ...change,
          ...(rounding && { rounding: { ...rounding, tolerance: BigInt(rounding.tolerance) } }),
        },
        by: actorIn(request, deps.clock),
      });
      const facts = await findFeed(deps.database.service, tenantId, feed);
      return {
        feed: viewFeedFacts(facts as FeedFacts),
        job: job === null ? null : viewJob(job),
      };
    },
  );
}

function viewFeedFacts(facts: FeedFacts): z.output<typeof FeedView> {
  const { authorityFrom, authorityTo, rounding, roundingBy, toleranceMinor } = facts;
  const { tenantId: _, clockAheadMs, clockAheadAt, lastProofAt, ...shown } = facts;
  return {
    ...shown,
    lastProofAt: instantText(lastProofAt),
    authority: { from: authorityFrom, to: authorityTo },
    rounding: { rule: rounding, by: roundingBy, tolerance: String(toleranceMinor) },
    clockAheadMs: clockAheadMs === null ? null : Number(clockAheadMs),
    clockAheadAt: instantText(clockAheadAt),
    parked: Number(facts.parked),
    withheld: Number(facts.withheld),
  };
}

const instantText = (instantMs: number | null): string | null =>
  instantMs === null ? null : new Date(instantMs).toISOString();
