import { principalOf } from "@tillcast/accounts";
import type { HttpServer } from "@tillcast/core/http";
import { EntriesQuery, EntriesResponse } from "@tillcast/schemas";
import type { GatewayDeps } from "../deps.ts";
import { StoreParams } from "../http/store-params.ts";
import { readAs } from "../queries/as-principal.ts";
import { loadEntries } from "../queries/entries.ts";
import { loadStore } from "../queries/stores.ts";
import { readEntriesSelection } from "../sales/entries-selection.ts";

const description = `The ledger entries behind a number, each with the order it comes from.

Choose by the instant at which entries count (\`from\` inclusive, \`to\` exclusive; read as in the sales
query), by \`businessDate\`, or both; and by \`channel\` and \`currency\`. \`total\` is the sum of the whole
selection and equals the sales of the same window. Of each entry and of any sum of entries,
gross - discount - includedTax + charges - refund - void = net; tip, otherCharges, rounding that is not
counted and tax stand beside it. \`kind\` tells a sale from what came later. Pages follow \`nextCursor\`. At most 31 days.`;

/** From a window to its ledger entries and orders. */
export default async function entryRoutes(app: HttpServer, deps: GatewayDeps): Promise<void> {
  app.get(
    "/v1/stores/:storeId/entries",
    {
      config: { access: "sales:read", limit: "requests" },
      schema: {
        tags: ["sales"],
        summary: "Ledger entries and orders of a window",
        description,
        params: StoreParams,
        querystring: EntriesQuery,
        response: { 200: EntriesResponse },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      return readAs(deps.database, principal, async (tx) => {
        const store = await loadStore(tx, principal, request.params.storeId);
        return loadEntries(tx, store, readEntriesSelection(request.query, store.timeZone));
      });
    },
  );
}
