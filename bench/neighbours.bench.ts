import type { Scope } from "@tillcast/core";
import { openDatabase } from "@tillcast/core/database";
import { addKey, addTenant } from "../gateway/testing/people.ts";
import { addStore } from "../gateway/testing/sales.ts";
import { percentile, percentiles } from "./support/percentile.ts";
import { startProduct } from "./support/start-product.ts";

const longRead = "/sales?from=2016-01-01&to=2026-12-01&grain=day";
const shortRead = "/sales?from=2026-02-01&to=2026-03-01&grain=hour";
const quietRequests = 100;
const floodedRequests = 100;
/** Reads that the flooding key keeps under way, each of ten years. */
const floodAtOnce = 30;

/** One key's reads without end, and what another tenant's requests take meanwhile: the neighbour's p95 as a ratio. */
export default async function benchNeighbours(scope: Scope): Promise<Record<string, unknown>> {
  const { address, url } = await startProduct(scope);
  const { service, close } = openDatabase({ url, applicationName: "tillcast bench" });
  scope.defer(close);
  const addOne = async () => {
    const tenantId = await addTenant(service);
    const { storeId } = await addStore(service, { tenantId });
    const authorization = await addKey(service, tenantId, ["sales:read"]);
    const store = `${address}/v1/stores/${storeId}`;
    return async (path: string) => {
      const startedAt = performance.now();
      const answer = await fetch(store + path, { headers: { authorization } });
      await answer.arrayBuffer();
      return { status: answer.status, durationMs: performance.now() - startedAt };
    };
  };
  const [flood, ask] = [await addOne(), await addOne()];
  const measure = async (requests: number) => {
    const durations: number[] = [];
    for (let sent = 0; sent < requests; sent += 1)
      durations.push((await ask(shortRead)).durationMs);
    return durations;
  };
  await measure(50);
  const quiet = await measure(quietRequests);
  let isOver = false;
  const statuses = new Map<number, number>();
  const lanes = Array.from({ length: floodAtOnce }, async () => {
    while (!isOver) {
      const { status } = await flood(longRead);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      // A client that is refused and asks again at once measures itself.
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  });
  const flooded = await measure(floodedRequests);
  isOver = true;
  await Promise.all(lanes);
  return {
    "alone, p50 / p95 / p99 ms": percentiles(quiet),
    "beside the flood, p50 / p95 / p99 ms": percentiles(flooded),
    "p95 beside the flood to p95 alone": (
      percentile(flooded, 0.95) / percentile(quiet, 0.95)
    ).toFixed(2),
    "answers to the flood by status": [...statuses].map((one) => one.join(": ")).join(", "),
  };
}
