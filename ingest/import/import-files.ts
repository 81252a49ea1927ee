import {
  appError,
  type Clock,
  type Database,
  type EventLog,
  hasTurned,
  type Position,
} from "@tillcast/core";
import { LEDGER_GROUP, topics } from "@tillcast/schemas";
import { makeKnownStores } from "../accept/known-stores.ts";
import { makeKnownVersions } from "../accept/known-versions.ts";
import { appendBatch, type BatchDeps, type ImportTally } from "./append-batch.ts";
import { buildOrder } from "./build-order.ts";
import { filesOf } from "./choose-files.ts";
import { findProfile } from "./find-profile.ts";
import { type GatheredOrder, gatherOrders } from "./gather-orders.ts";
import type { RowFault } from "./import-profile.ts";
import { findImportStore } from "./import-store.ts";
import { waitUntilSettled } from "./wait-until-settled.ts";

/** Orders that are checked and appended together; the next ones are read when these are durable. */
export const BATCH_MAX_COUNT = 500;

export interface ImportDeps {
  readonly database: Database;
  readonly eventLog: EventLog;
  readonly clock: Clock;
}

/** What is done so far. */
export interface ImportProgress {
  readonly step: "reading" | "counting";
  /** 0 to 1 of this step. */
  readonly share: number;
  readonly orders: number;
}

export interface ImportRequest {
  readonly storeId: string;
  readonly profile: string;
  /** Files, or one folder. */
  readonly paths: readonly string[];
  readonly onProgress?: (progress: ImportProgress) => void;
  readonly onBadRow?: (fault: RowFault) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface ImportResult {
  /** Orders that are new or changed, all counted by now. */
  readonly accepted: number;
  /** Orders that were known as they are. */
  readonly duplicates: number;
  /** Orders with a bad row, and bad rows that belong to no order. */
  readonly rejected: number;
  /** Net of all good orders of the files, accepted or known, in minor units. */
  readonly net: string;
}

/**
 * Imports files of a store's sales. Importing the same files again changes nothing. Resolves when
 * everything accepted is counted, so a ledger processor must be running.
 */
export async function importFiles(deps: ImportDeps, request: ImportRequest): Promise<ImportResult> {
  const profile = await findProfile(request.profile);
  const store = await findImportStore(deps.database, request.storeId);
  const opened = await profile.open(await filesOf(request.paths), store);
  const feed = { storeId: store.storeId, accountId: accountIdOf(profile.name, store.storeId) };
  const batchDeps: BatchDeps = {
    eventLog: deps.eventLog,
    stores: makeKnownStores(deps.database),
    versions: makeKnownVersions(deps.database),
    stamp: {
      tenantId: store.tenantId,
      receivedAt: deps.clock.now(),
      writesPresent: await hasTurned(deps.database.service),
    },
  };
  const tally = makeTally(request);
  let bytesRead = 0;
  const reading = gatherOrders(opened, (bytes) => {
    bytesRead += bytes;
  });
  let batch: GatheredOrder[] = [];
  const appendReady = async (): Promise<void> => {
    const built = batch.flatMap((gathered) => {
      const order = buildOrder(gathered, feed);
      if ("push" in order) return [{ gathered, push: order.push }];
      tally.reject(order.faults);
      return [];
    });
    batch = [];
    await appendBatch(batchDeps, built, tally);
    // Both walks over the rows read every byte.
    const share = Math.min(1, bytesRead / Math.max(1, opened.bytes * 2));
    request.onProgress?.({ step: "reading", share, orders: tally.orders() });
  };
  for await (const gathered of reading) {
    request.signal?.throwIfAborted();
    if ("kind" in gathered) tally.reject([gathered]);
    else batch.push(gathered);
    if (batch.length >= BATCH_MAX_COUNT) await appendReady();
  }
  await appendReady();
  await waitUntilSettled(deps.eventLog, {
    topic: topics.ordersBackfill.topic,
    group: LEDGER_GROUP,
    positions: tally.positions(),
    signal: request.signal,
    onProgress: (share) =>
      request.onProgress?.({ step: "counting", share, orders: tally.orders() }),
  });
  return tally.result();
}

/**
 * A file says nothing of accounts. Order numbers are one row per store and kind of export, so that two
 * stores' order 1 are two orders, and a corrected file replaces what it corrects.
 */
export function accountIdOf(profile: string, storeId: string): string {
  return `${profile}:${storeId}`;
}

interface Tally extends ImportTally {
  orders(): number;
  positions(): readonly Position[];
  result(): ImportResult;
}

function makeTally(request: ImportRequest): Tally {
  let accepted = 0;
  let duplicates = 0;
  let rejected = 0;
  let net = 0n;
  const last = new Map<number, bigint>();
  return {
    accept(orderNet) {
      accepted += 1;
      net += orderNet;
    },
    duplicate(orderNet) {
      duplicates += 1;
      net += orderNet;
    },
    reject(faults) {
      rejected += 1;
      for (const fault of faults) request.onBadRow?.(fault);
    },
    appended(positions) {
      for (const { partition, offset } of positions) {
        const before = last.get(partition);
        if (before === undefined || offset > before) last.set(partition, offset);
      }
    },
    orders: () => accepted + duplicates + rejected,
    positions: () => [...last].map(([partition, offset]) => ({ partition, offset })),
    result: () => {
      if (accepted + duplicates + rejected === 0) {
        throw appError("badRequest", { reason: "the files hold no orders" });
      }
      return { accepted, duplicates, rejected, net: String(net) };
    },
  };
}
