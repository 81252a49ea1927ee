import { z } from "zod";
import { feedStates } from "../feeds/feed-changed.ts";
import { jobStates } from "../jobs/job-changed.ts";
import { orderChannels } from "../orders/order-words.ts";

/** Money in JSON: a signed whole number of minor units as text. */
const money = z.string();
const ms = z.int();

/** The versions of a store that a client has; every part is assigned in its writer's transaction. */
export const LiveCursor = z.object({
  epoch: z.int(),
  windows: z.int(),
  forecast: z.int(),
  alerts: z.int(),
  feeds: z.int(),
});

/** One 15-minute window of one channel and currency, whole; replaces what the client had. */
export const LiveWindow = z.object({
  businessDate: z.string(),
  start: ms,
  channel: z.enum(orderChannels),
  currency: z.string(),
  /** Composed by the tenant's policy: net + counted charges - refunds - voids. */
  net: money,
  gross: money,
  discount: money,
  refund: money,
  void: money,
  tax: money,
  tip: money,
  orders: z.int(),
  guests: z.int(),
});

export const LiveOpen = z.object({ currency: z.string(), amount: money, orders: z.int() });

/** A band: for each step one value per quantile, in minor units (not money: expectations). */
export const LiveForecast = z.object({
  grain: z.enum(["15m", "hour", "day"]),
  issuedAt: ms,
  cutoff: ms,
  modelName: z.string(),
  businessDate: z.string().nullable(),
  starts: z.array(ms),
  quantiles: z.array(z.number()),
  values: z.array(z.array(z.number())),
  /** Quantiles of the whole business day's net as seen at `issuedAt`. */
  landing: z.array(z.number()).nullable(),
});

export const LiveFeed = z.object({
  feedKey: z.string(),
  source: z.string(),
  state: z.enum(feedStates),
  since: ms,
  lastProofAt: ms.nullable(),
  watermark: ms.nullable(),
  /**
   * By how much the till's clock was last seen ahead of ours; null where it is not. Messages of a change,
   * which tell of the state alone, leave it out.
   */
  clockAheadMs: ms.nullable().optional(),
});

export const LiveJob = z.object({
  jobId: z.string(),
  kind: z.string(),
  state: z.enum(jobStates),
  progress: z.number(),
  message: z.string(),
  changedAt: ms,
});

/**
 * The first picture of one store's business day, the present one or one of the past; one consistent read.
 * `open` and `feeds` are as of now, whichever day is asked for.
 */
export const LiveSnapshot = z.object({
  storeId: z.string(),
  name: z.string(),
  timeZone: z.string(),
  currency: z.string(),
  businessDate: z.string(),
  /** Whether `businessDate` is the one that the store trades on at `serverTime`. */
  isToday: z.boolean(),
  /** The business date at `serverTime`, the last that can be asked for. */
  today: z.string(),
  /** The newest business date up to today on which anything was sold; null where nothing ever was. */
  lastSalesDate: z.string().nullable(),
  dayStart: ms,
  dayEnd: ms,
  serverTime: ms,
  cursor: LiveCursor,
  windows: z.array(LiveWindow),
  open: z.array(LiveOpen),
  forecast: LiveForecast.nullable(),
  /** Why there is no forecast of this day, in a sentence. */
  forecastReason: z.string().nullable(),
  /** On how many earlier business dates anything was sold, counted to 14: below, no verdict is worth giving. */
  daysKnown: z.int(),
  /** The same business weekday a week before, per window start shifted to this day; net in the store's currency. */
  lastWeek: z.array(z.object({ start: ms, net: money })),
  feeds: z.array(LiveFeed),
});

/** Server -> client `windows`: takes a client from `[prevSeq, seq)` to `seq`. */
export const LiveWindows = z.object({
  storeId: z.string(),
  epoch: z.int(),
  prevSeq: z.int(),
  seq: z.int(),
  windows: z.array(LiveWindow),
  open: z.array(LiveOpen),
  daysChanged: z.array(z.string()),
  /** When the newest order of the change was received by Tillcast. */
  receivedAt: ms,
});

export const LiveForecastMessage = z.object({
  storeId: z.string(),
  version: z.int(),
  forecast: LiveForecast,
});
export const LiveFeedMessage = z.object({ storeId: z.string(), version: z.int(), feed: LiveFeed });

/**
 * Server -> client `standing`: the store's versions, where the server missed word of one of them. A client that is
 * behind asks for a snapshot.
 */
export const LiveStanding = z.object({
  storeId: z.string(),
  forecast: z.int(),
  alerts: z.int(),
  feeds: z.int(),
});

/** Client -> server `join` and its acknowledgement. */
export const LiveJoin = z.object({ stores: z.array(z.string()).max(500) });
export const LiveJoined = z.object({ ok: z.array(z.string()), denied: z.array(z.string()) });

/** Client -> server `snapshot`: the present business day, or that of a date YYYY-MM-DD. */
export const LiveSnapshotRequest = z.object({ storeId: z.string(), date: z.string().optional() });
/** Why there is no snapshot; `validationFailed` will not pass by asking again. */
export const LiveRefusal = z.object({ error: z.string(), code: z.string() });

export type LiveCursor = z.output<typeof LiveCursor>;
export type LiveWindow = z.output<typeof LiveWindow>;
export type LiveOpen = z.output<typeof LiveOpen>;
export type LiveForecast = z.output<typeof LiveForecast>;
export type LiveFeed = z.output<typeof LiveFeed>;
export type LiveJob = z.output<typeof LiveJob>;
export type LiveSnapshot = z.output<typeof LiveSnapshot>;
export type LiveWindows = z.output<typeof LiveWindows>;
export type LiveForecastMessage = z.output<typeof LiveForecastMessage>;
export type LiveFeedMessage = z.output<typeof LiveFeedMessage>;
export type LiveStanding = z.output<typeof LiveStanding>;
export type LiveJoin = z.output<typeof LiveJoin>;
export type LiveJoined = z.output<typeof LiveJoined>;
export type LiveSnapshotRequest = z.output<typeof LiveSnapshotRequest>;
export type LiveRefusal = z.output<typeof LiveRefusal>;

/**
 * Socket.IO namespace `/live`. The client joins first and asks for the snapshot second; versions settle
 * the overlap: an update with `seq <= cursor.windows` is old, one with `prevSeq > cursor.windows` or
 * another epoch is a gap and asks for a snapshot.
 */
export interface ServerToClient {
  windows: (update: LiveWindows) => void;
  forecast: (message: LiveForecastMessage) => void;
  feed: (message: LiveFeedMessage) => void;
  standing: (standing: LiveStanding) => void;
  job: (job: LiveJob) => void;
  alert: (alert: unknown) => void;
  /** The server is about to stop: reconnect after `inMs`, plus a jitter. */
  drain: (message: { readonly inMs: number }) => void;
}
export interface ClientToServer {
  join: (request: LiveJoin, answer: (joined: LiveJoined) => void) => void;
  leave: (request: LiveJoin) => void;
  /** Asks for one store's snapshot; the answer is a snapshot or a reason. */
  snapshot: (
    request: LiveSnapshotRequest,
    answer: (reply: LiveSnapshot | LiveRefusal) => void,
  ) => void;
}
