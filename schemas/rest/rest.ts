import { z } from "zod";
import { ExpectationView } from "../forecasts/expectation-view.ts";
import { forecastGrains } from "../forecasts/forecast-issued.ts";
import { LiveFeed, LiveForecast, LiveOpen } from "../live/live-messages.ts";
import {
  chargeKinds,
  countedWhenRules,
  orderChannels,
  orderKinds,
  orderSources,
  orderStatuses,
} from "../orders/order-words.ts";

/** Money in JSON: a signed whole number of minor units as text. */
const money = z.string();
const instant = z.iso.datetime({ offset: true });
const date = z.iso.date();

/** RFC 9457 problem details, as every error is answered. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  code: z.string(),
  requestId: z.string().optional(),
  faults: z.array(z.object({ field: z.string(), reason: z.string() })).optional(),
});

export const Me = z.object({
  userId: z.string().nullable(),
  email: z.string().nullable(),
  role: z.string(),
  tenantId: z.string(),
  tenantName: z.string(),
  isDemo: z.boolean(),
  mustSetPassword: z.boolean(),
});

export const StoreView = z.object({
  storeId: z.string(),
  name: z.string(),
  timeZone: z.string(),
  currency: z.string(),
  country: z.string().nullable(),
  /** Names under which a tenant gathers stores. */
  groups: z.array(z.string()),
  /** The first business date on which the store trades no more; null while it trades. */
  closedFrom: date.nullable(),
  closeoutMinute: z.int(),
  businessDate: date,
  countedWhen: z.enum(countedWhenRules),
});
export const StoreList = z.object({ stores: z.array(StoreView) });

/** One row of the store list: today so far against the forecast up to now. */
export const OverviewRow = StoreView.extend({
  net: money,
  orders: z.int(),
  open: z.array(LiveOpen),
  /** Sales of the same business day in other currencies than the store's, never added to `net`. */
  otherCurrencies: z.array(z.object({ currency: z.string(), net: money, orders: z.int() })),
  /** Forecast quantiles of net from day start until now; null without a forecast. */
  expectedSoFar: ExpectationView.nullable(),
  /** Where the day likely ends: net so far plus what is expected of the rest; never below net so far. */
  landing: ExpectationView.nullable(),
  /** Net of the same weekday last week until the same time of the business day. */
  lastWeekSoFar: money.nullable(),
  /** The newest business date up to today on which anything was sold; null where nothing ever was. */
  lastSalesDate: date.nullable(),
  /** On how many earlier business dates anything was sold, counted to 14: below, no verdict is worth giving. */
  daysKnown: z.int(),
  feeds: z.array(LiveFeed),
});
export const Overview = z.object({
  serverTime: z.int(),
  stores: z.array(OverviewRow),
  /** Orders that are kept and wait for their feed to be set right; 0 for who sees some stores only. */
  parked: z.int(),
});

/** Which business day a live page shows; without a date the present one. */
export const LiveQuery = z.object({ date: date.optional() });

export const salesGrains = ["15m", "hour", "day", "business-day"] as const;
export const SalesQuery = z.object({
  from: z.string().max(40),
  to: z.string().max(40),
  grain: z.enum(salesGrains).default("hour"),
  by: z.enum(["channel"]).optional(),
});
export const SalesRow = z.object({
  start: instant,
  end: instant,
  businessDate: date.nullable(),
  channel: z.enum(orderChannels).optional(),
  currency: z.string(),
  net: money,
  gross: money,
  discount: money,
  charges: money,
  gratuity: money,
  refunds: money,
  voids: money,
  tax: money,
  tips: money,
  orders: z.int(),
  guests: z.int(),
  /** Units sold, decimal text. */
  items: z.string(),
  /** What vendors' own totals have beyond the sums of their bills' parts; in no other column. */
  unreconciled: money,
});
export const SalesResponse = z.object({
  storeId: z.string(),
  timeZone: z.string(),
  currency: z.string(),
  grain: z.enum(salesGrains),
  from: instant,
  to: instant,
  cursor: z.object({ epoch: z.int(), windows: z.int() }),
  windows: z.array(SalesRow),
});

export const ForecastsQuery = z.object({
  grain: z.enum(forecastGrains).default("15m"),
  from: z.string().max(40).optional(),
  to: z.string().max(40).optional(),
});
export const ForecastsResponse = z.object({
  storeId: z.string(),
  forecasts: z.array(LiveForecast),
});

/** Drill-down: the ledger entries of a window and the orders behind them; their sum is the window. */
export const EntriesQuery = z.object({
  from: z.string().max(40).optional(),
  to: z.string().max(40).optional(),
  businessDate: date.optional(),
  channel: z.enum(orderChannels).optional(),
  currency: z.string().length(3).optional(),
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
/**
 * `sale`: the order counts for the first time. `correction`: what a later picture of it changed. `refund`,
 * `void`, `return`: what was given or taken back.
 */
export const entryKinds = ["sale", "correction", "refund", "void", "return"] as const;
export type EntryKind = (typeof entryKinds)[number];
/** What net is the sum of, and what it leaves out: gross - discount - includedTax + charges - refund - void = net. */
const EntrySums = z.object({
  net: money,
  gross: money,
  discount: money,
  /** Tax inside the prices that gross is the sum of; `tax` has it too. */
  includedTax: money,
  /** Charges that the tenant counts as sales, which net contains. */
  charges: money,
  /** All other charges but rounding, such as gratuities; net does not contain them. */
  otherCharges: money,
  /** Rounding of the bill; in `charges` as well where the tenant counts it. */
  rounding: money,
  refund: money,
  void: money,
  tax: money,
  tip: money,
  /** What a vendor's own total has beyond the sum of the bill's parts. */
  unreconciled: money,
});
export const EntryRow = EntrySums.extend({
  entryId: z.string(),
  countedAt: instant,
  businessDate: date,
  recordedAt: instant,
  channel: z.enum(orderChannels),
  currency: z.string(),
  kind: z.enum(entryKinds),
  orders: z.int(),
  order: z.object({
    source: z.enum(orderSources),
    accountId: z.string(),
    orderId: z.string(),
    kind: z.enum(orderKinds),
    status: z.enum(orderStatuses),
    receiptNumber: z.string().nullable(),
    lines: z.array(
      z.object({
        name: z.string(),
        quantity: z.string(),
        gross: money,
        discount: money,
        net: money,
        tax: money,
        /** False for what is no sale, such as a gift card. */
        revenue: z.boolean(),
        voided: z.boolean(),
      }),
    ),
    charges: z.array(z.object({ kind: z.enum(chargeKinds), net: money, tax: money })),
    /** Tax of the order as a whole, over that of lines and charges. */
    tax: money.nullable(),
  }),
});
export const EntriesResponse = z.object({
  storeId: z.string(),
  /** Of the whole selection, not only of this page. */
  total: EntrySums.extend({ orders: z.int(), entries: z.int() }),
  entries: z.array(EntryRow),
  nextCursor: z.string().nullable(),
});

export const ItemsQuery = z.object({ businessDate: date.optional() });
export const ItemSalesRow = z.object({
  /** The vendor's id of the item, else its name. */
  itemKey: z.string(),
  currency: z.string(),
  /** Units sold, decimal text. */
  quantity: z.string(),
  gross: money,
  net: money,
});
export const ItemsResponse = z.object({
  storeId: z.string(),
  businessDate: date,
  items: z.array(ItemSalesRow),
});

/** Business dates, `from` inclusive, `to` exclusive. */
export const TendersQuery = z.object({ from: date, to: date });
/** Money taken and given back by one tender on one business date. */
export const TenderRow = z.object({
  businessDate: date,
  /** The tender as its till names it; `unknown` where a refund names no payment. */
  method: z.string(),
  currency: z.string(),
  /** Without tips. */
  amount: money,
  tip: money,
  /** Given back, with the tips given back; positive. */
  refunded: money,
});
export const TendersResponse = z.object({ tenders: z.array(TenderRow) });

/** Was it counted, and in which windows? */
export const OrderStatusResponse = z.object({
  state: z.enum(["counted", "open", "not-counted", "pending", "parked", "dead-lettered"]),
  reason: z.string().nullable(),
  source: z.string(),
  accountId: z.string(),
  orderId: z.string(),
  storeId: z.string().nullable(),
  vendorVersion: z.string().nullable(),
  receivedAt: instant.nullable(),
  countedAt: instant.nullable(),
  windows: z.array(
    z.object({
      start: instant,
      end: instant,
      businessDate: date,
      channel: z.enum(orderChannels),
      currency: z.string(),
      net: money,
    }),
  ),
});

export type Problem = z.output<typeof Problem>;
export type Me = z.output<typeof Me>;
export type StoreView = z.output<typeof StoreView>;
export type OverviewRow = z.output<typeof OverviewRow>;
export type Overview = z.output<typeof Overview>;
export type SalesRow = z.output<typeof SalesRow>;
export type SalesResponse = z.output<typeof SalesResponse>;
export type EntryRow = z.output<typeof EntryRow>;
export type EntriesResponse = z.output<typeof EntriesResponse>;
export type ForecastsResponse = z.output<typeof ForecastsResponse>;
export type ForecastsQuery = z.output<typeof ForecastsQuery>;
export type TenderRow = z.output<typeof TenderRow>;
export type ItemSalesRow = z.output<typeof ItemSalesRow>;
export type ItemsResponse = z.output<typeof ItemsResponse>;
export type OrderStatusResponse = z.output<typeof OrderStatusResponse>;
