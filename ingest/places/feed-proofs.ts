import type { Logger } from "@tillcast/core";
import {
  boolArray,
  type Database,
  int8ArrayFromNumbers,
  runStatement,
  type Statement,
  textArray,
  timestamptzArray,
  uuidArray,
} from "@tillcast/core/database";
import { declareLoop, startLoop } from "@tillcast/core/work";
import type { TillClock } from "../orders/till-clock.ts";
import { type FeedName, feedNameKey } from "./feed-rows.ts";

/** How often proofs of life are stored: once a second per feed, and not once per order. */
export const PROOFS_FLUSH_MS = 1_000;
/** Most feeds that wait to be stored; more than a process serves. */
export const PROOFS_MAX_COUNT = 50_000;

/** One proof of life of a feed. Times are UTC milliseconds. */
export interface FeedProof {
  readonly tenantId: string;
  readonly feed: FeedName;
  /** Null for past orders. */
  readonly proofAt: number | null;
  /** The latest event time; null for a heartbeat. */
  readonly eventAt: number | null;
  /** The event time up to which the till has sent everything. */
  readonly watermark: number | null;
  readonly isHeartbeat: boolean;
  /** What it tells about the till's clock. */
  readonly clock: TillClock;
}

/** Collects proofs of life and stores them once a second. */
export interface FeedProofs {
  saw(proof: FeedProof): void;
  /** Stores what is collected. After an error it is kept for the next time. */
  flush(): Promise<void>;
  /** Stops the timer and stores the rest. Safe to call twice. */
  close(): Promise<void>;
}

// The statement first locks the rows in the order of their keys, so that two processes that store the same
// feeds never deadlock. A clock that was ahead is right again when a later action has a correct time. Earlier
// actions tell nothing about it.
const updateProofs: Statement = {
  name: "ingest-update-proofs",
  text: `
    with seen as (
      select *
      from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::timestamptz[],
        $6::timestamptz[], $7::timestamptz[], $8::boolean[], $9::bigint[], $10::timestamptz[])
        as proof (tenant_id, source, account_id, location_id, proof_at, event_at, watermark,
          is_heartbeat, clock_ahead_ms, done_at)
    ),
    locked as (
      select seen.*
      from seen
      join feed using (tenant_id, source, account_id, location_id)
      order by seen.tenant_id, seen.source, seen.account_id, seen.location_id
      for no key update of feed
    )
    update feed
    set last_proof_at = greatest(feed.last_proof_at, seen.proof_at),
        last_event_at = greatest(feed.last_event_at, seen.event_at),
        watermark = greatest(feed.watermark, seen.watermark),
        expects_heartbeat = feed.expects_heartbeat or seen.is_heartbeat,
        clock_ahead_ms = case
          when seen.clock_ahead_ms is not null then seen.clock_ahead_ms
          when seen.done_at >= feed.clock_ahead_at then null
          else feed.clock_ahead_ms
        end,
        clock_ahead_at = case
          when seen.clock_ahead_ms is not null then seen.proof_at
          when seen.done_at >= feed.clock_ahead_at then null
          else feed.clock_ahead_at
        end
    from locked as seen
    where feed.tenant_id = seen.tenant_id
      and feed.source = seen.source
      and feed.account_id = seen.account_id
      and feed.location_id = seen.location_id`,
};

const proofsLoop = declareLoop({
  name: "proofs of life",
  does: "writes when each feed was last heard of",
  every: PROOFS_FLUSH_MS,
  first: "after a rest",
  stops: "writes what has gathered",
});

/** Makes the collector and starts its timer. */
export function makeFeedProofs(database: Database, log: Logger): FeedProofs {
  const waiting = new Map<string, FeedProof>();
  let flushing: Promise<void> = Promise.resolve();
  const saw = (proof: FeedProof): void => {
    const key = `${proof.tenantId}\0${feedNameKey(proof.feed)}`;
    const before = waiting.get(key);
    if (before === undefined && waiting.size >= PROOFS_MAX_COUNT) return;
    waiting.set(key, before === undefined ? proof : merge(before, proof));
  };
  const writeWaiting = async (): Promise<void> => {
    if (waiting.size === 0) return;
    const proofs = [...waiting.values()];
    waiting.clear();
    try {
      await saveProofs(database, proofs);
    } catch (error) {
      // Orders do not wait for this: a feed that looks late for a second does little harm.
      for (const proof of proofs) saw(proof);
      log.warn(
        { err: error, feeds: proofs.length },
        "proofs of life were not stored; they are kept and retried",
      );
    }
  };
  const flush = (): Promise<void> => {
    flushing = flushing.then(writeWaiting);
    return flushing;
  };
  const loop = startLoop(proofsLoop, { log, step: flush });
  return {
    saw,
    flush,
    async close() {
      await loop.stop();
      await flush();
    },
  };
}

function merge(a: FeedProof, b: FeedProof): FeedProof {
  return {
    ...b,
    proofAt: latest(a.proofAt, b.proofAt),
    eventAt: latest(a.eventAt, b.eventAt),
    watermark: latest(a.watermark, b.watermark),
    isHeartbeat: a.isHeartbeat || b.isHeartbeat,
    clock: {
      aheadMs: b.clock.aheadMs ?? a.clock.aheadMs,
      doneAt: latest(a.clock.doneAt, b.clock.doneAt),
    },
  };
}

function latest(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}

async function saveProofs(database: Database, proofs: readonly FeedProof[]): Promise<void> {
  await runStatement(database.service, updateProofs, [
    uuidArray(proofs.map((proof) => proof.tenantId)),
    textArray(proofs.map((proof) => proof.feed.source)),
    textArray(proofs.map((proof) => proof.feed.accountId)),
    textArray(proofs.map((proof) => proof.feed.locationId)),
    timestamptzArray(proofs.map((proof) => proof.proofAt)),
    timestamptzArray(proofs.map((proof) => proof.eventAt)),
    timestamptzArray(proofs.map((proof) => proof.watermark)),
    boolArray(proofs.map((proof) => proof.isHeartbeat)),
    int8ArrayFromNumbers(proofs.map((proof) => proof.clock.aheadMs)),
    timestamptzArray(proofs.map((proof) => proof.clock.doneAt)),
  ]);
}
