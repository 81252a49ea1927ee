import { DAY_MS, type HeartbeatPush } from "@tillcast/schemas";
import type { z } from "zod";
import type { AcceptDeps } from "../../accept/accept-orders.ts";
import { clockAt, unknownClock } from "../../orders/till-clock.ts";
import { permitted, type ResolvedPlace } from "../../places/resolve-place.ts";
import { asUnavailable } from "./unavailable.ts";

/** A heartbeat cannot vouch for time far ahead: it would hide every later silence. */
const WATERMARK_AHEAD_MAX_MS = DAY_MS;

/** Takes a sign of life of a feed, known or not; a feed not mapped to a store is written down to be mapped. */
export async function acceptHeartbeat(
  deps: Pick<AcceptDeps, "stores" | "proofs" | "clock">,
  sender: { readonly tenantId: string; readonly storeIds: readonly string[] | null },
  heartbeat: z.output<typeof HeartbeatPush>,
): Promise<ResolvedPlace> {
  const receivedAt = deps.clock.now();
  const { source, accountId } = heartbeat;
  const found = await deps.stores.resolve(sender.tenantId, [heartbeat]).catch((error: unknown) => {
    throw asUnavailable(error);
  });
  const place = permitted(found[0] as ResolvedPlace, sender.storeIds);
  if (place.kind === "refused") return place;
  const locationId = place.kind === "known" ? place.feed.locationId : place.locationId;
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
  return place;
}
