import type { Logger } from "@tillcast/core";
import { runStatement, type Statement, uuidArray } from "@tillcast/core/database";
import { declareLoop, startLoop } from "@tillcast/core/work";
import type { EventLog } from "@tillcast/event-log";
import type { SalesUpdated } from "@tillcast/schemas";
import type { Pool } from "pg";
import { publishSales } from "./publish-sales.ts";

/** Stores whose version is said again, so that a reader who missed an update learns that it is behind. */
export interface StoreAnnouncer {
  /** Remembers that a store changed. */
  changed(storeId: string): void;
  /** Says where every store stands, at the next turn. */
  announceAll(): void;
  stop(): Promise<void>;
}

/** Most stores told in one append. */
const announcedAtOnceMax = 500;

const selectStanding =
  "select store_id, tenant_id, epoch, seq, forecast_seq, alert_seq, feed_seq from store_sequence";
const selectChanged: Statement = {
  name: "announce-changed-stores",
  text: `${selectStanding} where store_id = any($1::uuid[])`,
};
const selectAll: Statement = {
  name: "announce-all-stores",
  text: selectStanding,
};

interface SequenceRow {
  readonly store_id: string;
  readonly tenant_id: string;
  readonly epoch: number;
  readonly seq: bigint;
  readonly forecast_seq: bigint;
  readonly alert_seq: bigint;
  readonly feed_seq: bigint;
}

const storesLoop = declareLoop({
  name: "stores announced",
  does: "says again where the stores stand that changed, so that a lost update is noticed",
  every: "LEDGER_ANNOUNCE_INTERVAL_MS",
  first: "after a rest",
});

/** Starts telling, every `intervalMs`, where the stores stand that changed since. */
export function startAnnouncer(deps: {
  readonly pool: Pool;
  readonly eventLog: EventLog;
  readonly log: Logger;
  readonly intervalMs: number;
}): StoreAnnouncer {
  const changed = new Set<string>();
  let all = false;
  const announce = async () => {
    if (!all && changed.size === 0) return;
    const storeIds = [...changed];
    const everyStore = all;
    changed.clear();
    all = false;
    try {
      const { rows } = everyStore
        ? await runStatement<SequenceRow>(deps.pool, selectAll, [])
        : await runStatement<SequenceRow>(deps.pool, selectChanged, [uuidArray(storeIds)]);
      for (let from = 0; from < rows.length; from += announcedAtOnceMax) {
        await publishSales(deps.eventLog, rows.slice(from, from + announcedAtOnceMax).map(storeAt));
      }
    } catch (error) {
      // A hint that was not given is given at the next turn.
      for (const storeId of storeIds) changed.add(storeId);
      all = all || everyStore;
      throw error;
    }
  };
  const loop = startLoop(storesLoop, {
    everyMs: deps.intervalMs,
    log: deps.log,
    step: announce,
  });
  return {
    changed: (storeId) => changed.add(storeId),
    announceAll: () => {
      all = true;
    },
    stop: () => loop.stop(),
  };
}

const storeAt = (row: SequenceRow): SalesUpdated => ({
  tenantId: row.tenant_id,
  storeId: row.store_id,
  epoch: row.epoch,
  prevSeq: Number(row.seq),
  seq: Number(row.seq),
  windows: [],
  open: [],
  daysChanged: [],
  receivedAt: 0,
  versions: {
    forecast: Number(row.forecast_seq),
    alerts: Number(row.alert_seq),
    feeds: Number(row.feed_seq),
  },
});
