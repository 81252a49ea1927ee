import { appError, type Clock } from "@tillcast/core";
import type { Database } from "@tillcast/core/database";
import type { EventLog } from "@tillcast/event-log";
import {
  businessDateOf,
  LEDGER_GROUP,
  type Numbering,
  type OrderSnapshot,
  topics,
} from "@tillcast/schemas";
import { makeKnownVersions } from "../../accept/known-versions.ts";
import { makeStoreLookup } from "../../places/store-lookup.ts";
import { appendBatch, appendSnapshots, type BatchDeps } from "./append-batch.ts";
import { type BuildRules, type BuiltOrder, buildOrders } from "./build-orders.ts";
import { filesOf } from "./choose-files.ts";
import { findOnlyEarlier, takenBack } from "./earlier-orders.ts";
import { findProfile } from "./find-profile.ts";
import { gatherOrders } from "./gather-orders.ts";
import { type ImportFeed, loadImportFeed, setNumbering } from "./import-feed.ts";
import type { OpenedImport, RowFault, SaidOfFiles } from "./import-profile.ts";
import { findImportStore, type ImportStore } from "./import-store.ts";
import { makeTally, type RunningTally, tellWithheld } from "./import-tally.ts";
import { findOverlaps, type Overlap } from "./other-feeds.ts";
import {
  learntNumbering,
  numberDayOf,
  type OrderSurvey,
  periodsOf,
  surveyOrders,
} from "./survey-orders.ts";
import { waitUntilSettled } from "./wait-until-settled.ts";

/** Orders per batch. The next batch is read when this one is durable. */
export const BATCH_MAX_COUNT = 500;
/** Most order numbers in a result. The count is always complete. */
export const NAMED_MAX_COUNT = 100;

export interface ImportDeps {
  readonly database: Database;
  readonly eventLog: EventLog;
  readonly clock: Clock;
}

/** The progress of an import. */
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
  /** How the files are written, if they do not tell it. */
  readonly said?: SaidOfFiles;
  /** How the feed's order numbers repeat. Later imports use it too. */
  readonly numbering?: Exclude<Numbering, "unknown"> | undefined;
  /** Takes back orders of earlier files that are missing in these files, within the dates of these files. */
  readonly replaces?: boolean | undefined;
  /** Imports although another feed of the store has sales on the same dates. */
  readonly differentSales?: boolean | undefined;
  readonly onProgress?: (progress: ImportProgress) => void;
  readonly onBadRow?: (fault: RowFault) => void;
  /** Called with notes for people that reject nothing. */
  readonly onNote?: (note: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Some orders by number, and how many there are in all. */
export interface NamedOrders {
  readonly orders: number;
  /** The first hundred. */
  readonly orderIds: readonly string[];
  /** Net in minor units. */
  readonly net: string;
}

export interface ImportResult {
  /** Orders that are new or changed, all counted by now. */
  readonly accepted: number;
  /** Orders that were known and are unchanged. */
  readonly duplicates: number;
  /** Orders with a bad row, and bad rows that belong to no order. */
  readonly rejected: number;
  /** Net of all good orders of the files, accepted or known, in minor units. */
  readonly net: string;
  /** Dates on which another feed has sales. Nothing was imported then. */
  readonly overlaps?: readonly Overlap[];
  /** Orders that only earlier files have, within the dates of these files. They still count. */
  readonly onlyEarlier?: NamedOrders;
  /** The same, taken back because these files replace the earlier ones. */
  readonly takenBack?: NamedOrders;
  /** Orders that are kept and not counted. */
  readonly withheld?: number;
  /** The numbering that was set or learnt. */
  readonly numbering?: { readonly is: Numbering; readonly from: "set" | "learnt" };
}

/** One running import. */
interface Import {
  readonly deps: ImportDeps;
  readonly request: ImportRequest;
  readonly store: ImportStore;
  readonly feed: ImportFeed;
  readonly opened: OpenedImport;
  readonly survey: OrderSurvey;
  readonly tally: RunningTally;
  readonly receivedAt: number;
  /** Bytes that the first pass read. The second pass reads as many. */
  bytesRead: number;
}

/**
 * Imports files of a store's sales. Importing the same files again changes nothing. Resolves when
 * everything accepted is counted, so a ledger processor must be running.
 */
export async function importFiles(deps: ImportDeps, request: ImportRequest): Promise<ImportResult> {
  const { onNote } = request;
  const profile = await findProfile(request.profile);
  const store = await findImportStore(deps.database, request.storeId);
  const context = { ...store, ...(request.said === undefined ? {} : { said: request.said }) };
  const opened = await profile.open(await filesOf(request.paths), context);
  for (const note of opened.notes ?? []) onNote?.(note);
  let bytesRead = 0;
  const survey = await surveyOrders(opened, store, (bytes) => {
    bytesRead += bytes;
  });
  request.signal?.throwIfAborted();
  const known = await loadImportFeed(
    deps.database,
    store,
    accountIdOf(profile.name, store.storeId),
  );
  const overlaps =
    request.differentSales === true
      ? []
      : await findOverlaps(deps.database, store, known, survey.dates);
  if (overlaps.length > 0) {
    return { accepted: 0, duplicates: 0, rejected: 0, net: "0", overlaps };
  }
  const { feed, numbering } = await decideNumbering(deps, request, store, known, survey);
  const tally = makeTally(request.onBadRow);
  const receivedAt = deps.clock.now();
  const one = { deps, request, store, feed, opened, survey, tally, receivedAt, bytesRead };
  await appendOrders(one);
  if (tally.orders() === 0) {
    throw appError("badRequest", { reason: "the files hold no orders" });
  }
  const earlier = await compareWithEarlier(one);
  for (const note of tally.notes()) onNote?.(note);
  const withheld = tellWithheld(tally, onNote);
  await waitUntilSettled(deps.eventLog, {
    topic: topics.ordersBackfill.topic,
    group: LEDGER_GROUP,
    positions: tally.positions(),
    signal: request.signal,
    onProgress: (share) =>
      request.onProgress?.({ step: "counting", share, orders: tally.orders() }),
  });
  const { net, ...counts } = tally.counts();
  return { ...counts, net: String(net), ...earlier, ...withheld, ...numbering };
}

/**
 * Files contain no account. Each store and kind of export has its own order numbers, so that order 1 of two
 * stores is two orders, and a corrected file replaces the orders that it corrects.
 */
export function accountIdOf(profile: string, storeId: string): string {
  return `${profile}:${storeId}`;
}

/** Stores the given numbering, or the one that the files prove if none is known. */
async function decideNumbering(
  deps: ImportDeps,
  request: ImportRequest,
  store: ImportStore,
  feed: ImportFeed,
  survey: OrderSurvey,
): Promise<{ feed: ImportFeed; numbering?: Pick<ImportResult, "numbering"> }> {
  if (request.numbering !== undefined) {
    const decision = { numbering: request.numbering, from: "set", evidence: {} } as const;
    const set = await setNumbering(deps.database, store, feed, decision);
    return { feed: set, numbering: { numbering: { is: request.numbering, from: "set" } } };
  }
  const learnt = feed.numbering === "unknown" ? learntNumbering(survey) : undefined;
  if (learnt === undefined) return { feed };
  const evidence = {
    numbersComingBack: survey.comingBack.length,
    from: survey.dates[0],
    to: survey.dates.at(-1),
  };
  const decision = { numbering: learnt, from: "learnt", evidence } as const;
  const set = await setNumbering(deps.database, store, feed, decision);
  request.onNote?.(
    `numbers start again each day: ${survey.comingBack.length} of them come back on other days; the feed's numbering is learnt as per day`,
  );
  return { feed: set, numbering: { numbering: { is: learnt, from: "learnt" } } };
}

/** Reads the orders, and checks and appends them batch by batch. */
async function appendOrders(one: Import): Promise<void> {
  const { deps, request, store, feed, opened, survey, tally } = one;
  const rules: BuildRules = {
    accountId: feed.accountId,
    storeId: store.storeId,
    numbering: feed.numbering,
    dayOf: (said) => numberDayOf(said, store),
  };
  const batchDeps: BatchDeps = {
    database: deps.database,
    eventLog: deps.eventLog,
    stores: makeStoreLookup(deps.database),
    versions: makeKnownVersions(deps.database),
    request: { tenantId: store.tenantId, receivedAt: one.receivedAt },
    naming: { numbering: feed.numbering, dayOf: (order) => dayOfSnapshot(order, store) },
  };
  let batch: BuiltOrder[] = [];
  const appendReady = async (): Promise<void> => {
    const ready = batch;
    batch = [];
    await appendBatch(batchDeps, ready, tally);
    // The first pass and this one read every byte.
    const share = Math.min(1, one.bytesRead / Math.max(1, opened.bytes * 2));
    request.onProgress?.({ step: "reading", share, orders: tally.orders() });
  };
  const gathering = gatherOrders(opened, survey.rows, (bytes) => {
    one.bytesRead += bytes;
  });
  for await (const gathered of gathering) {
    request.signal?.throwIfAborted();
    if (!("kind" in gathered)) {
      const built = buildOrders(gathered, rules);
      if (built.faults.length > 0) tally.reject(built.faults);
      batch.push(...built.orders);
    } else if (gathered.kind === "fault") tally.reject([gathered]);
    else request.onNote?.(`${gathered.file}:${gathered.line}: ${gathered.reason}`);
    if (batch.length >= BATCH_MAX_COUNT) await appendReady();
  }
  await appendReady();
}

/** The business date of an order's opening, for the feed's numbering. */
function dayOfSnapshot(order: OrderSnapshot, store: ImportStore): string {
  if (order.businessDateFrom === "vendor") return order.businessDate;
  return businessDateOf(order.openedAt, store.timeZone, store.closeouts);
}

/** Lists orders of earlier files that are missing in these files, and takes them back if `replaces` is set. */
async function compareWithEarlier(
  one: Import,
): Promise<Pick<ImportResult, "onlyEarlier" | "takenBack">> {
  const { deps, request, store, feed, survey, tally } = one;
  // A missing order may be the one of a row whose number cannot be read.
  const takesBack = request.replaces === true && tally.namelessRows() === 0;
  const orderIds: string[] = [];
  let orders = 0;
  let net = 0n;
  for (const period of periodsOf(survey.dates)) {
    const pieces = findOnlyEarlier(deps.database, store, feed, period, tally.isIn);
    for await (const missing of pieces) {
      request.signal?.throwIfAborted();
      for (const order of missing) {
        orders += 1;
        net += order.kind === "return" ? -order.totals.net : order.totals.net;
        if (orderIds.length < NAMED_MAX_COUNT) orderIds.push(order.orderId);
      }
      if (!takesBack) continue;
      const gone = missing.map((order) => takenBack(order, feed, one.receivedAt));
      await appendSnapshots(deps.eventLog, gone, tally);
    }
  }
  if (orders === 0) return {};
  const named = { orders, orderIds, net: String(net) };
  const which = `${orderIds.slice(0, 10).join(", ")}${orders > 10 ? " and others" : ""}`;
  if (takesBack) {
    request.onNote?.(`${orders} orders are only in earlier files and are taken back: ${which}`);
    return { takenBack: named };
  }
  const advice =
    request.replaces === true
      ? "nothing is taken back while rows stand without an order's number"
      : "say --replaces to take them back";
  request.onNote?.(
    `${orders} orders are only in earlier files and still count: ${which}; ${advice}`,
  );
  return { onlyEarlier: named };
}
