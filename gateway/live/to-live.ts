import {
  type ChargeKind,
  composeNet,
  type FeedChanged,
  type ForecastIssued,
  forecastGrains,
  type JobChanged,
  type LiveFeedMessage,
  type LiveForecastMessage,
  type LiveJob,
  type LiveWindow,
  type LiveWindows,
  type Measures,
  measures,
  orderChannels,
  type SalesUpdated,
  type SalesWindow,
} from "@tillcast/schemas";
import type { RoomUpdate } from "./conflate.ts";
import type { UpdateTrace } from "./trace-updates.ts";

/** An update as the log carries it, of one tenant. */
export type StoreUpdate = RoomUpdate<SalesWindow, SalesUpdated["open"][number]> & {
  readonly tenantId: string;
  /** Traces of orders that the update is about; mostly none. */
  readonly traces?: readonly UpdateTrace[];
};

/**
 * An update of which every channel is known here. Windows of two channels that a later release added both
 * read as `other`, and one would replace the other on the page; such an update says only where the store is,
 * so that whoever follows it asks for a snapshot, where they are added up.
 */
export const showable = (update: SalesUpdated): SalesUpdated =>
  update.windows.every(({ channelNumber: number }) => number === null || number in orderChannels)
    ? update
    : { ...update, prevSeq: update.seq, windows: [], open: [] };

/** Whether the page has a face for forecasts of this grain; a later release may issue others. */
export const isKnownGrain = (grain: string): boolean =>
  (forecastGrains as readonly string[]).includes(grain);

/** An update as sockets get it: net sales composed by the tenant's policy, money as text. */
export function toLiveWindows(update: StoreUpdate, netCharges: readonly ChargeKind[]): LiveWindows {
  return {
    storeId: update.storeId,
    epoch: update.epoch,
    prevSeq: update.prevSeq,
    seq: update.seq,
    windows: update.windows.map((window) => toLiveWindow(window, netCharges)),
    open: update.open
      .filter((open) => open.amount !== 0n || open.orders !== 0)
      .map((open) => ({ ...open, amount: open.amount.toString() })),
    daysChanged: [...update.daysChanged],
    receivedAt: update.receivedAt,
  };
}

function toLiveWindow(window: SalesWindow, netCharges: readonly ChargeKind[]): LiveWindow {
  const values = Object.fromEntries(
    measures.map((measure, index) => [measure, window.values[index] ?? 0n]),
  ) as Measures;
  return {
    businessDate: window.businessDate,
    start: window.start,
    channel: window.channel,
    currency: window.currency,
    net: composeNet(values, netCharges).toString(),
    gross: values.gross.toString(),
    discount: values.discount.toString(),
    refund: values.refund.toString(),
    void: values.void.toString(),
    tax: values.tax.toString(),
    tip: values.tip.toString(),
    orders: Number(values.orders),
    guests: Number(values.guests),
  };
}

/** A forecast as sockets get it: one row of quantiles per step. */
export function toLiveForecast(issued: ForecastIssued): LiveForecastMessage {
  const width = issued.quantiles.length;
  return {
    storeId: issued.storeId,
    version: issued.version,
    forecast: {
      grain: issued.grain,
      issuedAt: issued.issuedAt,
      cutoff: issued.cutoff,
      modelName: issued.modelName,
      businessDate: issued.businessDate,
      starts: issued.starts,
      quantiles: issued.quantiles,
      values: issued.starts.map((_, step) => issued.values.slice(step * width, (step + 1) * width)),
      landing: issued.landing,
    },
  };
}

/** A feed's state as sockets get it. */
export function toLiveFeed(changed: FeedChanged): LiveFeedMessage {
  const { storeId, version, feedKey, state, since, lastProofAt, watermark } = changed;
  const source = feedKey.split("/")[1] ?? "";
  return { storeId, version, feed: { feedKey, source, state, since, lastProofAt, watermark } };
}

/** A job as sockets get it. */
export function toLiveJob({ tenantId: _, ...job }: JobChanged): LiveJob {
  return job;
}
