import type { CloseoutHistory, OrderChannel } from "@tillcast/schemas";

/** A simulated store. All its days are generated from this. */
export interface StoreProfile {
  /** The store's `locationId`, and the prefix of its order ids. */
  readonly key: string;
  readonly storeId: string;
  readonly name: string;
  /** ISO 3166 code, which selects the holidays. */
  readonly country: string;
  readonly timeZone: string;
  readonly currency: string;
  /** The closeout minute. All sales of a day are between two closeouts. */
  readonly closeoutMinute: number;
  /** Seven entries, from Monday. */
  readonly openingHours: readonly OpeningHours[];
  /** Orders on an average day. */
  readonly ticketsPerDay: number;
  /** The factor of each weekday, from Monday; about 1 on average. */
  readonly weekly: readonly number[];
  /** The factor of the middle of each month, from January; about 1 on average. */
  readonly yearly: readonly number[];
  /** The growth of sales per year, as a part of 1. */
  readonly growthPerYear: number;
  /** The factor at some minutes of the local day, linear in between. Above 1440 is after midnight. */
  readonly dayparts: readonly (readonly [minute: number, weight: number])[];
  readonly channels: readonly ChannelProfile[];
  readonly menu: readonly MenuItem[];
  /** `exclusive` adds tax to the prices, `inclusive` prices contain it. */
  readonly taxMode: "exclusive" | "inclusive";
  /** Tax in millionths: 88_750 is 8.875 %. */
  readonly taxPpm: number;
  readonly tips: TipProfile;
  readonly charges: ChargeProfile;
  /** Tenders and their weights. */
  readonly tenders: readonly (readonly [method: string, weight: number])[];
  /** Cash is paid in steps of this many minor units, in countries without the smallest coins. */
  readonly cashStepMinor?: number;
}

/** Local minutes of opening and closing. A close above 1440 is after midnight. */
export interface OpeningHours {
  readonly openMinute: number;
  readonly closeMinute: number;
}

export interface ChannelProfile {
  readonly channel: OrderChannel;
  /** The till's own word for the channel. */
  readonly raw: string;
  readonly weight: number;
  /** Whether guests sit at a table, so that the bill stays open while they eat. */
  readonly table: boolean;
}

export interface MenuItem {
  readonly id: string;
  readonly name: string;
  readonly category: string;
  readonly priceMinor: number;
  /** The weight of the item among those sold at the hour. */
  readonly weight: number;
  /** The local minutes between which it sells. Default: all day. */
  readonly sells?: readonly [fromMinute: number, toMinute: number];
  /** Its tax rate, if it differs from the store's. */
  readonly taxPpm?: number;
  /** True if sold by weight. The price is for one unit, such as a kilogram. */
  readonly byWeight?: boolean;
}

export interface TipProfile {
  /** The part of card payments at a table with a tip. */
  readonly tableShare: number;
  /** The same elsewhere. */
  readonly counterShare: number;
  /** Usual tips as parts of the bill. */
  readonly rates: readonly number[];
}

export interface ChargeProfile {
  /** Service charge at tables, in millionths of net sales. */
  readonly servicePpm?: number;
  /** Gratuity of large parties in millionths, and the number of guests from which it applies. */
  readonly gratuityPpm?: number;
  readonly gratuityGuestsMin?: number;
  /** Delivery fee, with or without tax as the menu. */
  readonly deliveryMinor?: number;
}

/** The store's closeout, as the business-time functions need it. */
export function closeoutsOf(profile: Pick<StoreProfile, "closeoutMinute">): CloseoutHistory {
  return [{ effectiveFrom: "2000-01-01", closeoutMinute: profile.closeoutMinute }];
}

/** The same hours on all days, or with another closing time on Friday and Saturday. */
export function weekOf(open: string, close: string, weekendClose: string = close): OpeningHours[] {
  return Array.from({ length: 7 }, (_, day) => {
    const closeText = day === 4 || day === 5 ? weekendClose : close;
    const openMinute = minuteOf(open);
    const closeMinute = minuteOf(closeText);
    return { openMinute, closeMinute: closeMinute > openMinute ? closeMinute : closeMinute + 1440 };
  });
}

/** Minutes since midnight of a wall time `HH:MM`. */
export function minuteOf(wallTime: string): number {
  const [hours, minutes] = wallTime.split(":").map(Number) as [number, number];
  return hours * 60 + minutes;
}

/** One line of a menu: `id | name | category | price in minor units | weight`, and what else differs. */
export function menuItem(
  row: string,
  extra: Partial<Pick<MenuItem, "sells" | "taxPpm" | "byWeight">> = {},
): MenuItem {
  const [id, name, category, price, weight] = row.split("|").map((part) => part.trim()) as [
    string,
    string,
    string,
    string,
    string,
  ];
  return { id, name, category, priceMinor: Number(price), weight: Number(weight), ...extra };
}
