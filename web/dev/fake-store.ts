import type {
  EntryRow,
  LiveFeed,
  LiveForecast,
  LiveSnapshot,
  LiveWindow,
  OverviewRow,
} from "@tillcast/schemas/browser";
import {
  businessDateOf,
  businessDayBounds,
  daysBetween,
  expectedUntil,
  forecastSteps,
  isDate,
  landingOf,
  offsetMsAt,
  WINDOW_MS,
} from "@tillcast/schemas/browser";
import { makeDice } from "./dice.ts";
import type { FakeStore, FakeStoreOptions } from "./fake-store-options.ts";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const LATE_MS = 47 * 60_000;
const closeouts = [{ effectiveFrom: "2000-01-01", closeoutMinute: 240 }] as const;
const quantiles = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95];
const spreads = [-1.5, -1.2, -0.8, -0.5, -0.25, 0, 0.25, 0.5, 0.85, 1.35, 1.75];
const dishes = ["Margherita", "Pasta al forno", "House salad", "Espresso", "Tiramisu", "Lemonade"];
const channels = ["dine_in", "takeout", "delivery"] as const;

/** Makes a store whose business day turns at 04:00 local time. */
export function makeFakeStore(options: FakeStoreOptions, startedAt: number): FakeStore {
  const dice = makeDice(options.storeId);
  const { orderSize = 1 } = options;
  const businessDate = businessDateOf(startedAt, options.timeZone, closeouts);
  const day = businessDayBounds(businessDate, options.timeZone, closeouts);
  const dayStart = day.startMs;
  const steps = (day.endMs - dayStart) / WINDOW_MS;
  const starts = Array.from({ length: steps }, (_, i) => dayStart + i * WINDOW_MS);
  const usual = starts.map((start) => options.dayNet * shape(start, options));
  const entries: EntryRow[] = [];
  const isSilent = options.feedState !== "live" && options.feedState !== "closed";
  const knownUntil = isSilent ? startedAt - LATE_MS : startedAt;
  let seq = 1;

  starts.forEach((start, i) => {
    let left = (usual[i] ?? 0) * options.level * (0.75 + 0.5 * dice.next());
    while (start < knownUntil && left > 0) {
      const at = start + Math.floor(dice.next() * Math.min(WINDOW_MS, knownUntil - start));
      const usualAmount = (900 + Math.floor(dice.next() * 5200)) * orderSize;
      const entry = order(at, Math.min(left + 400 * orderSize, usualAmount));
      entries.push(entry);
      left -= Number(entry.net);
    }
  });

  function order(at: number, amount: number): EntryRow {
    const net = String(Math.round(amount));
    const id = `${(100_000 + Math.floor(dice.next() * 899_999)).toString(36)}-${entries.length}`;
    // A service charge counts as sales, and stands in no line.
    const charge = Math.round(amount * 0.1);
    const lines = Math.round(amount) - charge;
    const first = Math.round(lines * 0.6);
    const name = () => dishes[Math.floor(dice.next() * dishes.length)] ?? "Soup";
    return {
      entryId: id,
      countedAt: new Date(at).toISOString(),
      businessDate,
      recordedAt: new Date(at + 300).toISOString(),
      channel: channels[Math.floor(dice.next() * 3)] ?? "dine_in",
      currency: options.currency,
      net,
      kind: "sale",
      gross: String(lines),
      discount: "0",
      includedTax: "0",
      charges: String(charge),
      otherCharges: "0",
      rounding: "0",
      refund: "0",
      void: "0",
      tax: String(Math.round(amount * 0.1)),
      tip: String(Math.round(amount * 0.06)),
      unreconciled: "0",
      orders: 1,
      order: {
        source: "simulator",
        accountId: "demo",
        orderId: id,
        kind: "sale",
        status: "closed",
        receiptNumber: String(1_000 + entries.length),
        lines: [
          { name: name(), quantity: "2", ...sold(first) },
          { name: name(), quantity: "1", ...sold(lines - first) },
        ],
        charges: [],
        tax: null,
      },
    };
  }

  function sold(amount: number) {
    const net = String(amount);
    return { gross: net, discount: "0", net, tax: "0", revenue: true, voided: false };
  }

  function windowOf(start: number, channel: LiveWindow["channel"]): LiveWindow {
    const inside = entries.filter((entry) => {
      const at = Date.parse(entry.countedAt);
      return entry.channel === channel && at >= start && at < start + WINDOW_MS;
    });
    const net = String(inside.reduce((sum, entry) => sum + BigInt(entry.net), 0n));
    const zero = { discount: "0", refund: "0", void: "0", tax: "0", tip: "0" };
    const orders = inside.length;
    const { currency } = options;
    return {
      businessDate,
      start,
      channel,
      currency,
      net,
      gross: net,
      ...zero,
      orders,
      guests: orders * 2,
    };
  }

  function forecast(now: number): LiveForecast | null {
    if (!options.hasForecast) return null;
    const values = usual.map((net) => {
      const spread = net === 0 ? 0 : Math.sqrt(net) * 42 + net * 0.08;
      return spreads.map((factor) => Math.max(0, net + factor * spread));
    });
    const rest = expectedUntil(
      forecastSteps({ starts, quantiles, values }, WINDOW_MS).filter((step) => step.start >= now),
      day.endMs,
    );
    const middle = netUntil(now) + rest.p50;
    const landing = spreads.map((factor) => middle + (factor * (rest.p90 - rest.p10)) / 2.6);
    const vintage = { issuedAt: now, cutoff: now, modelName: "fake", businessDate };
    return { grain: "15m", ...vintage, starts, quantiles, values, landing };
  }

  const netUntil = (until: number) =>
    entries.reduce((net, { countedAt, net: own }) => {
      return Date.parse(countedAt) < until ? net + Number(own) : net;
    }, 0);
  const open = () => [{ currency: options.currency, amount: "18650", orders: 4 }];
  const past = new Map<string, FakeStore>();

  /** A day of the past is another such store, closed, seen in its last moment. */
  function pastDay(date: string): FakeStore | undefined {
    const days = isDate(date) ? daysBetween(date, businessDate) : 0;
    if (days <= 0) return undefined;
    const known = past.get(date);
    if (known !== undefined) return known;
    const storeId = `${options.storeId} ${date}`;
    const day = { ...options, storeId, feedState: "closed" as const };
    const made = makeFakeStore(day, dayStart - (days - 1) * DAY_MS - 1);
    past.set(date, made);
    return made;
  }

  function pastSnapshot(date: string, now: number): LiveSnapshot | undefined {
    const shown = pastDay(date)?.snapshot(now);
    if (shown === undefined) return undefined;
    const { storeId } = options;
    const cursor = { ...shown.cursor, windows: seq };
    const place = { isToday: false, today: businessDate, lastSalesDate: businessDate };
    const forecastReason = shown.forecast === null ? "No forecast was made for this day." : null;
    return { ...shown, storeId, cursor, forecastReason, ...place };
  }

  const feeds = (now: number): LiveFeed[] => {
    const at = isSilent ? knownUntil : now - 4_000;
    const state = options.feedState;
    return [
      { feedKey: "f", source: "simulator", state, since: at, lastProofAt: at, watermark: at },
    ];
  };

  return {
    options,
    dayEnd: day.endMs,
    isOpen: (now) => shape(now, options) > 0,
    snapshot(now, date) {
      const bend = options.bend ?? ((snapshot: LiveSnapshot) => snapshot);
      if (date !== undefined && date !== businessDate) return pastSnapshot(date, now);
      const used = new Set(entries.map(({ countedAt }) => quarterOf(Date.parse(countedAt))));
      return bend({
        storeId: options.storeId,
        name: options.name,
        timeZone: options.timeZone,
        currency: options.currency,
        businessDate,
        isToday: true,
        today: businessDate,
        lastSalesDate: businessDate,
        dayStart,
        dayEnd: day.endMs,
        serverTime: now,
        cursor: { epoch: 1, windows: seq, forecast: 1, alerts: 0, feeds: 1 },
        windows: [...used].flatMap((start) => channels.map((channel) => windowOf(start, channel))),
        open: open(),
        forecast: forecast(now),
        forecastReason: options.hasForecast
          ? null
          : "No forecast yet: it needs two weeks of history and has five days.",
        daysKnown: options.daysKnown ?? 14,
        lastWeek: starts.map((start, i) => ({
          start,
          net: String(Math.round((usual[i] ?? 0) * (0.8 + ((i * 7) % 10) / 25))),
        })),
        feeds: feeds(now),
      });
    },
    sell(now) {
      const entry = order(now, (900 + dice.next() * 5200) * orderSize);
      entries.push(entry);
      seq += 1;
      const windows = [windowOf(quarterOf(now), entry.channel)];
      const update = { storeId: options.storeId, epoch: 1, prevSeq: seq - 1, seq, windows };
      return { ...update, open: open(), daysChanged: [], receivedAt: Date.now() };
    },
    overviewRow(now) {
      const known = forecast(now);
      const steps = known === null ? [] : forecastSteps(known, WINDOW_MS);
      const bend = options.bendRow ?? ((row: OverviewRow) => row);
      return bend({
        storeId: options.storeId,
        name: options.name,
        timeZone: options.timeZone,
        currency: options.currency,
        country: null,
        groups: [],
        closedFrom: null,
        closeoutMinute: 240,
        businessDate,
        countedWhen: "paid",
        net: String(netUntil(now)),
        orders: entries.length,
        open: open(),
        otherCurrencies: [],
        expectedSoFar: known === null ? null : expectedUntil(steps, now),
        landing:
          known === null
            ? null
            : landingOf(known, WINDOW_MS, { counted: netUntil(now), from: now }),
        lastWeekSoFar: String(Math.round(netUntil(now) * 0.93)),
        lastSalesDate: businessDate,
        daysKnown: options.daysKnown ?? 14,
        feeds: feeds(now),
      });
    },
    entries: (from, to, date) =>
      (date === undefined || date === businessDate
        ? (options.bendEntries?.(entries) ?? entries)
        : (pastDay(date)?.entries(from, to) ?? [])
      )
        .filter(({ countedAt }) => Date.parse(countedAt) >= from && Date.parse(countedAt) < to)
        .toSorted((a, b) => b.countedAt.localeCompare(a.countedAt)),
  };
}

function quarterOf(instant: number): number {
  return Math.floor(instant / WINDOW_MS) * WINDOW_MS;
}

/** A lunch and a dinner peak between opening and closing; sums to about one. */
function shape(start: number, { timeZone, opensAt, closesAt }: FakeStoreOptions): number {
  const hour = ((start + offsetMsAt(start, timeZone)) % DAY_MS) / HOUR_MS;
  if (hour < opensAt || hour >= closesAt) return 0;
  const peak = (at: number, width: number) => Math.exp(-(((hour - at) / width) ** 2));
  return 0.012 + 0.045 * peak(12.8, 1.1) + 0.06 * peak(19.4, 1.6);
}
