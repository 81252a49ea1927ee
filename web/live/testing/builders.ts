import type {
  LiveFeed,
  LiveForecast,
  LiveSnapshot,
  LiveWindow,
  LiveWindows,
} from "@tillcast/schemas/browser";

/** 2026-11-21 04:00 in Berlin, where the test store's business day begins. */
export const DAY_START = Date.UTC(2026, 10, 21, 3);
export const QUARTER_MS = 900_000;
export const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** The instant of a local wall-clock hour of the test day; 14.5 is 14:30. */
export function at(hour: number): number {
  return DAY_START + (hour - 4) * HOUR_MS;
}

/** One whole window; a test names only what it is about. */
export function window(changes: Partial<LiveWindow> = {}): LiveWindow {
  const zero = { gross: "0", discount: "0", refund: "0", void: "0", tax: "0", tip: "0" };
  const usual = { businessDate: "2026-11-21", start: at(12), channel: "dine_in", currency: "EUR" };
  return { ...usual, ...zero, net: "1000", orders: 1, guests: 2, ...changes } as LiveWindow;
}

export function update(changes: Partial<LiveWindows> = {}): LiveWindows {
  const usual = { storeId: "s", epoch: 1, prevSeq: 0, seq: 1, windows: [window()], open: [] };
  return { ...usual, daysChanged: [], receivedAt: at(12), ...changes };
}

export function feed(changes: Partial<LiveFeed> = {}): LiveFeed {
  const usual = { feedKey: "f", source: "simulator", state: "live", since: at(4) } as const;
  return { ...usual, lastProofAt: at(14), watermark: at(14), ...changes };
}

/** Quarter hours from 11:00 to 23:00 that expect `net` each, give or take half. */
export function forecast(net = 1000, changes: Partial<LiveForecast> = {}): LiveForecast {
  const starts = Array.from({ length: 48 }, (_, i) => at(11) + i * QUARTER_MS);
  return {
    grain: "15m",
    issuedAt: DAY_START,
    cutoff: DAY_START,
    modelName: "m",
    businessDate: "2026-11-21",
    starts,
    quantiles: [0.1, 0.5, 0.9],
    values: starts.map(() => [net / 2, net, (net * 3) / 2]),
    landing: null,
    ...changes,
  };
}

/** The same day as it is seen a week later. */
export function pastSnapshot(changes: Partial<LiveSnapshot> = {}): LiveSnapshot {
  const later = { isToday: false, today: "2026-11-28", lastSalesDate: "2026-11-27" };
  return snapshot({ ...later, serverTime: at(14) + 7 * DAY_MS, ...changes });
}

export function snapshot(changes: Partial<LiveSnapshot> = {}): LiveSnapshot {
  return {
    storeId: "s",
    name: "Trattoria",
    timeZone: "Europe/Berlin",
    currency: "EUR",
    businessDate: "2026-11-21",
    isToday: true,
    today: "2026-11-21",
    lastSalesDate: "2026-11-20",
    dayStart: DAY_START,
    dayEnd: DAY_START + DAY_MS,
    serverTime: at(14),
    cursor: { epoch: 1, windows: 0, forecast: 0, alerts: 0, feeds: 0 },
    windows: [],
    open: [],
    forecast: null,
    forecastReason: null,
    daysKnown: 14,
    lastWeek: [],
    feeds: [feed()],
    ...changes,
  };
}
