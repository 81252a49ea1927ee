import {
  type Clock,
  type Database,
  type EventLog,
  failPoint,
  hasTurned,
  type Logger,
} from "@tillcast/core";
import { feedKeyOf, type OrderSnapshot, orderSnapshotCodec, topics } from "@tillcast/schemas";
import { decideOrder, placeOf } from "./decide-orders.ts";
import { faultsText } from "./faults.ts";
import type { IngestMetrics } from "./ingest-metrics.ts";
import type { KnownStores } from "./known-stores.ts";
import {
  loadReleasable,
  markReleased,
  type ParkedRow,
  parkedStart,
  saveParkedReason,
} from "./parked-rows.ts";
import { parseOrder } from "./parse-order.ts";
import type { ResolvedPlace } from "./resolve-place.ts";

/** Orders released at once; one append and one update each. */
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
 * Hands parked orders whose store is known by now to the log, and answers how many. They keep the time
 * at which they were received. A crash between append and mark appends them again, which changes nothing.
 */
export async function releaseParked(deps: ReleaseDeps): Promise<number> {
  let released = 0;
  let after = parkedStart;
  for (;;) {
    const rows = await loadReleasable(deps.database, after, RELEASE_PAGE_COUNT);
    const last = rows.at(-1);
    if (last === undefined) return released;
    released += await releasePage(deps, rows);
    after = last;
  }
}

async function releasePage(deps: ReleaseDeps, rows: readonly ParkedRow[]): Promise<number> {
  const releases: Release[] = [];
  for (const row of rows) {
    const release = await prepare(deps, row);
    if (release !== undefined) releases.push(release);
  }
  if (releases.length === 0) return 0;
  await deps.eventLog.append(
    topics.orders.topic,
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
  let place: ResolvedPlace | undefined;
  if ("order" in parsed) [place] = await deps.stores.resolve(tenantId, [placeOf(parsed.order)]);
  const writesPresent = await hasTurned(deps.database.service);
  const decision = decideOrder(parsed, place, { tenantId, receivedAt, writesPresent });
  if (decision.result === "accepted") return { row, snapshot: decision.snapshot };
  if (decision.result === "rejected") {
    await saveParkedReason(deps.database, row, faultsText(decision.faults));
  }
  return undefined;
}
