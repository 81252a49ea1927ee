import { type Clock, failPoint, type Logger } from "@tillcast/core";
import { type Database, hasTurned } from "@tillcast/core/database";
import type { EventLog } from "@tillcast/event-log";
import { feedKeyOf, type OrderSnapshot, orderSnapshotCodec, topics } from "@tillcast/schemas";
import { decideOrder, placeOf } from "../accept/decide-orders.ts";
import type { IngestMetrics } from "../accept/ingest-metrics.ts";
import { faultsText } from "../orders/faults.ts";
import { parseOrder } from "../orders/parse-order.ts";
import type { KnownStores } from "../places/known-stores.ts";
import type { Place, ResolvedPlace } from "../places/resolve-place.ts";
import {
  loadReleasable,
  markReleased,
  type ParkedRow,
  parkedStart,
  saveTried,
} from "./parked-rows.ts";

/** Orders released at once; one append and one update each. A run of more gives way to live orders. */
export const RELEASE_PAGE_COUNT = 200;

export interface ReleaseDeps {
  readonly database: Database;
  readonly eventLog: EventLog;
  readonly clock: Clock;
  readonly stores: KnownStores;
  readonly metrics: IngestMetrics;
  readonly log: Logger;
}

interface Release {
  readonly row: ParkedRow;
  readonly snapshot: OrderSnapshot;
}

/**
 * Hands parked orders whose feed was set right to the log, and answers how many. They keep the time at which
 * they were received. A crash between append and mark appends them again, which changes nothing.
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
  const place = "order" in parsed ? await placeNow(deps, row, placeOf(parsed.order)) : undefined;
  const writesPresent = await hasTurned(deps.database.service);
  const decision = decideOrder(parsed, place, { tenantId, receivedAt, writesPresent });
  if (decision.result === "accepted") return { row, snapshot: decision.snapshot };
  if (decision.result === "duplicate") return undefined;
  const reason = decision.result === "parked" ? decision.reason : faultsText(decision.faults);
  // A place that this process remembers may be older than the row.
  const revision = place?.kind === "known" ? place.feed.mappingRevision : row.mappingRevision;
  await saveTried(deps.database, row, { reason, revision });
  return undefined;
}

/**
 * Where an order belongs now. One that was parked under a store's id that nobody gave is its location's, once
 * somebody says whose that is.
 */
async function placeNow(deps: ReleaseDeps, row: ParkedRow, place: Place): Promise<ResolvedPlace> {
  const resolve = async (one: Place) =>
    (await deps.stores.resolve(row.tenantId, [one]))[0] as ResolvedPlace;
  const found = await resolve(place);
  if (found.kind !== "refused" || place.storeId === undefined) return found;
  return resolve({ ...place, storeId: undefined, locationId: row.locationId });
}
