import { type Clock, failPoint, type Logger } from "@tillcast/core";
import { type Database, hasTurned } from "@tillcast/core/database";
import type { EventLog } from "@tillcast/event-log";
import { feedKeyOf, type OrderSnapshot, orderSnapshotCodec, topics } from "@tillcast/schemas";
import { decideOrder, originOf } from "../accept/decide-orders.ts";
import type { IngestMetrics } from "../accept/ingest-metrics.ts";
import { faultsText } from "../orders/faults.ts";
import { parseOrder } from "../orders/parse-order.ts";
import type { OrderOrigin, ResolvedOrigin } from "../places/resolve-store.ts";
import type { StoreLookup } from "../places/store-lookup.ts";
import {
  loadReleasable,
  markReleased,
  type ParkedRow,
  parkedStart,
  saveTried,
} from "./parked-rows.ts";

/** Most orders per append. A larger release pauses in between, so that live orders go first. */
export const RELEASE_PAGE_COUNT = 200;

export interface ReleaseDeps {
  readonly database: Database;
  readonly eventLog: EventLog;
  readonly clock: Clock;
  readonly stores: StoreLookup;
  readonly metrics: IngestMetrics;
  readonly log: Logger;
}

interface Release {
  readonly row: ParkedRow;
  readonly snapshot: OrderSnapshot;
}

/**
 * Appends parked orders whose feed was corrected to the log. Resolves with their number. They keep their
 * receive time. A crash before the mark is stored appends them again, which changes nothing.
 */
export async function releaseParked(deps: ReleaseDeps): Promise<number> {
  let released = 0;
  let after = parkedStart;
  let isMany = false;
  for (;;) {
    const rows = await loadReleasable(deps.database, after, RELEASE_PAGE_COUNT);
    const last = rows.at(-1);
    if (last === undefined) return released;
    isMany ||= rows.length === RELEASE_PAGE_COUNT;
    const { topic } = isMany ? topics.ordersBackfill : topics.orders;
    released += await releasePage(deps, rows, topic);
    after = last;
  }
}

async function releasePage(
  deps: ReleaseDeps,
  rows: readonly ParkedRow[],
  topic: string,
): Promise<number> {
  const releases: Release[] = [];
  for (const row of rows) {
    const release = await prepare(deps, row);
    if (release !== undefined) releases.push(release);
  }
  if (releases.length === 0) return 0;
  await deps.eventLog.append(
    topic,
    releases.map(({ snapshot }) => ({
      key: feedKeyOf(snapshot),
      value: orderSnapshotCodec.encode(snapshot),
    })),
  );
  await failPoint("release.afterAppend");
  const released = releases.map(({ row }) => row);
  await markReleased(deps.database, released, deps.clock.now());
  deps.metrics.released(releases.length);
  deps.log.info({ orders: releases.length }, "parked orders released");
  return releases.length;
}

async function prepare(deps: ReleaseDeps, row: ParkedRow): Promise<Release | undefined> {
  const { tenantId, receivedAt } = row;
  const parsed = parseOrder(row.payload);
  const origin = "order" in parsed ? await originNow(deps, row, originOf(parsed.order)) : undefined;
  const writesPresent = await hasTurned(deps.database.service);
  const decision = decideOrder(parsed, origin, { tenantId, receivedAt, writesPresent });
  if (decision.result === "accepted") return { row, snapshot: decision.snapshot };
  if (decision.result === "duplicate") return undefined;
  const reason = decision.result === "parked" ? decision.reason : faultsText(decision.faults);
  // The cached origin may be older than the row.
  const revision = origin?.kind === "known" ? origin.feed.mappingRevision : row.mappingRevision;
  await saveTried(deps.database, row, { reason, revision });
  return undefined;
}

/**
 * Resolves where an order belongs now. An order that named an unknown store id belongs to its location's
 * store, when the location is mapped.
 */
async function originNow(
  deps: ReleaseDeps,
  row: ParkedRow,
  origin: OrderOrigin,
): Promise<ResolvedOrigin> {
  const resolve = async (one: OrderOrigin) =>
    (await deps.stores.resolve(row.tenantId, [one]))[0] as ResolvedOrigin;
  const found = await resolve(origin);
  if (found.kind !== "refused" || origin.storeId === undefined) return found;
  return resolve({ ...origin, storeId: undefined, locationId: row.locationId });
}
