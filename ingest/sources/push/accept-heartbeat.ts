import { DAY_MS, type HeartbeatPush } from "@tillcast/schemas";
import type { z } from "zod";
import type { AcceptDeps } from "../../accept/accept-orders.ts";
import { clockAt, unknownClock } from "../../orders/till-clock.ts";
import { permitted, type ResolvedOrigin } from "../../places/resolve-store.ts";
import { asUnavailable } from "./unavailable.ts";

/** How far ahead a heartbeat may claim completeness. A larger claim would hide later silence. */
const WATERMARK_AHEAD_MAX_MS = DAY_MS;

/** Accepts a heartbeat of a feed. An unknown feed is stored, so that it can be mapped. */
export async function acceptHeartbeat(
  deps: Pick<AcceptDeps, "stores" | "proofs" | "clock">,
  sender: { readonly tenantId: string; readonly storeIds: readonly string[] | null },
  heartbeat: z.output<typeof HeartbeatPush>,
): Promise<ResolvedOrigin> {
  const receivedAt = deps.clock.now();
  const { source, accountId } = heartbeat;
  const found = await deps.stores.resolve(sender.tenantId, [heartbeat]).catch((error: unknown) => {
    throw asUnavailable(error);
  });
  const origin = permitted(found[0] as ResolvedOrigin, sender.storeIds);
  if (origin.kind === "refused") return origin;
  const locationId = origin.kind === "known" ? origin.feed.locationId : origin.locationId;
  const { completeUntil } = heartbeat;
  const watermark = completeUntil === undefined ? receivedAt : Date.parse(completeUntil);
  deps.proofs.saw({
    tenantId: sender.tenantId,
    feed: { source, accountId, locationId },
    proofAt: receivedAt,
    eventAt: null,
    watermark: watermark > receivedAt + WATERMARK_AHEAD_MAX_MS ? receivedAt : watermark,
    isHeartbeat: true,
    clock: completeUntil === undefined ? unknownClock : clockAt(watermark, receivedAt),
  });
  return origin;
}
