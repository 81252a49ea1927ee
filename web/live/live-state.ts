import type {
  LiveCursor,
  LiveFeedMessage,
  LiveForecast,
  LiveForecastMessage,
  LiveSnapshot,
  LiveStanding,
  LiveWindow,
  LiveWindows,
} from "@tillcast/schemas/browser";

/** What the browser knows of one store's business day; every change makes a new one. */
export interface LiveState {
  readonly snapshot: Omit<LiveSnapshot, "windows" | "open" | "forecast" | "feeds" | "cursor">;
  readonly cursor: LiveCursor;
  /** The last whole window per start, channel and currency. */
  readonly windows: ReadonlyMap<string, LiveWindow>;
  readonly open: LiveSnapshot["open"];
  readonly forecast: LiveForecast | null;
  readonly feeds: LiveSnapshot["feeds"];
  /** When Tillcast received the newest order shown; null until the first update. */
  readonly receivedAt: number | null;
}

/**
 * What became of an update: `applied`; `old`, which is no news; or `gap`, after which only a snapshot
 * can tell the truth (also when the business day has turned, or an old day is named without its windows).
 */
export interface Applied {
  readonly outcome: "applied" | "old" | "gap";
  readonly state: LiveState;
}

/** Starts over from a snapshot. */
export function applySnapshot(whole: LiveSnapshot): LiveState {
  const { windows, open, forecast, feeds, cursor, ...snapshot } = whole;
  return {
    snapshot,
    cursor,
    windows: new Map(windows.map((window) => [windowKey(window), window])),
    open,
    forecast,
    feeds,
    receivedAt: null,
  };
}

/** Takes the state from anywhere in `[prevSeq, seq)` to `seq`; windows are whole, so the last one wins. */
export function applyWindows(state: LiveState, update: LiveWindows): Applied {
  const { cursor, snapshot } = state;
  if (update.epoch < cursor.epoch) return { outcome: "old", state };
  if (update.epoch > cursor.epoch) return { outcome: "gap", state };
  if (update.seq <= cursor.windows) return { outcome: "old", state };
  if (update.prevSeq > cursor.windows) return { outcome: "gap", state };
  if (asksForSnapshot(snapshot, update)) return { outcome: "gap", state };
  const windows = new Map(state.windows);
  for (const window of update.windows) {
    if (window.businessDate === snapshot.businessDate) windows.set(windowKey(window), window);
  }
  const moved = { ...cursor, windows: update.seq };
  const { open, receivedAt } = update;
  return { outcome: "applied", state: { ...state, cursor: moved, windows, open, receivedAt } };
}

/** A day of the past is left alone by sales of today; the page of today also tells the last date with sales. */
function asksForSnapshot(shown: LiveState["snapshot"], update: LiveWindows): boolean {
  const { businessDate, isToday, lastSalesDate } = shown;
  if (update.daysChanged.includes(businessDate)) return true;
  if (!isToday) return false;
  const isLater = (date: string) => lastSalesDate === null || date > lastSalesDate;
  return (
    update.windows.some((window) => window.businessDate > businessDate) ||
    update.daysChanged.some((date) => date < businessDate && isLater(date))
  );
}

/** Takes a newer forecast of this business day in quarter hours; other grains only move the cursor. */
export function applyForecast(state: LiveState, message: LiveForecastMessage): Applied {
  if (message.version <= state.cursor.forecast) return { outcome: "old", state };
  const cursor = { ...state.cursor, forecast: message.version };
  const { forecast } = message;
  if (forecast.grain !== "15m" || forecast.businessDate !== state.snapshot.businessDate) {
    return { outcome: "old", state: { ...state, cursor } };
  }
  const joined = joinForecasts(state.forecast, forecast);
  return { outcome: "applied", state: { ...state, cursor, forecast: joined } };
}

/** Takes a feed's newer state. */
export function applyFeed(state: LiveState, message: LiveFeedMessage): Applied {
  if (message.version <= state.cursor.feeds) return { outcome: "old", state };
  const others = state.feeds.filter((feed) => feed.feedKey !== message.feed.feedKey);
  const cursor = { ...state.cursor, feeds: message.version };
  return { outcome: "applied", state: { ...state, cursor, feeds: [...others, message.feed] } };
}

/** Compares with where the store stands: whoever missed a forecast or a feed's state asks for a snapshot. */
export function applyStanding(state: LiveState, standing: LiveStanding): Applied {
  const { forecast, feeds } = state.cursor;
  const isBehind = forecast < standing.forecast || feeds < standing.feeds;
  return { outcome: isBehind ? "gap" : "old", state };
}

/**
 * A forecast issued during the day may hold only the rest of it; what was expected of the hours before
 * stays what the earlier one said of them.
 */
export function joinForecasts(earlier: LiveForecast | null, later: LiveForecast): LiveForecast {
  const from = later.starts[0] ?? Number.POSITIVE_INFINITY;
  if (earlier === null || earlier.businessDate !== later.businessDate) return later;
  if (earlier.quantiles.join() !== later.quantiles.join()) return later;
  const kept = earlier.starts.filter((start) => start < from).length;
  return {
    ...later,
    starts: [...earlier.starts.slice(0, kept), ...later.starts],
    values: [...earlier.values.slice(0, kept), ...later.values],
  };
}

function windowKey({ businessDate, start, channel, currency }: LiveWindow): string {
  return `${businessDate}/${start}/${channel}/${currency}`;
}
