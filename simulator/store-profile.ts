import type { CloseoutHistory, OrderChannel } from "@tillcast/schemas";

/** What a simulated store is and how it trades; everything that its days are drawn from. */
export interface StoreProfile {
  /** Names the store in the feed (`locationId`) and begins the ids of its orders. */
  readonly key: string;
  readonly storeId: string;
  readonly name: string;
  /** ISO 3166 code; chooses the holidays. */
  readonly country: string;
  readonly timeZone: string;
  readonly currency: string;
  /** Local minute at which the business date turns; all trading lies between two turns. */
  readonly closeoutMinute: number;
  /** Seven entries, Monday first. */
  readonly openingHours: readonly OpeningHours[];
  /** Orders of an average day. */
  readonly ticketsPerDay: number;
  /** How busy each weekday is, Monday first; about 1 on average. */
  readonly weekly: readonly number[];
  /** How busy the middle of each month is, January first; about 1 on average. */
  readonly yearly: readonly number[];
  /** Share by which trade grows in a year. */
  readonly growthPerYear: number;
  /** How busy the day is at some minutes of the local day, in between by a straight line; over 1440 is past midnight. */
  readonly dayparts: readonly (readonly [minute: number, weight: number])[];
  readonly channels: readonly ChannelProfile[];
  readonly menu: readonly MenuItem[];
  /** `exclusive` adds tax to the prices, `inclusive` has it in them. */
  readonly taxMode: "exclusive" | "inclusive";
  /** Tax in millionths: 88_750 is 8.875 %. */
  readonly taxPpm: number;
  readonly tips: TipProfile;
  readonly charges: ChargeProfile;
  /** Tenders and how common they are. */
  readonly tenders: readonly (readonly [method: string, weight: number])[];
  /** Cash is paid in steps of this many minor units, where the smallest coins are gone. */
  readonly cashStepMinor?: number;
}

/** Local minutes from opening to closing; a close over 1440 lies past midnight. */
export interface OpeningHours {
  readonly openMinute: number;
  readonly closeMinute: number;
}

export interface ChannelProfile {
  readonly channel: OrderChannel;
  /** The till's own word for it. */
  readonly raw: string;
  readonly weight: number;
  /** Whether guests sit at a table, whose bill stays open while they eat. */
  readonly table: boolean;
}

export interface MenuItem {
  readonly id: string;
  readonly name: string;
  readonly category: string;
  readonly priceMinor: number;
  /** How popular the item is among those sold at the hour. */
  readonly weight: number;
  /** Local minutes between which it sells; all day where absent. */
  readonly sells?: readonly [fromMinute: number, toMinute: number];
  /** Where it differs from the store's rate. */
  readonly taxPpm?: number;
  /** Sold by weight, the price being that of one unit, such as a kilogram. */
  readonly byWeight?: boolean;
}

export interface TipProfile {
  /** Share of card payments at a table that carry a tip. */
  readonly tableShare: number;
  /** The same elsewhere. */
  readonly counterShare: number;
  /** Usual tips as shares of the bill. */
  readonly rates: readonly number[];
}

export interface ChargeProfile {
  /** Service at tables as a share of net sales, in millionths. */
  readonly servicePpm?: number;
  /** Gratuity of large parties in millionths, and from how many guests. */
  readonly gratuityPpm?: number;
  readonly gratuityGuestsMin?: number;
  /** Fee of a delivery, priced as the menu is. */
  readonly deliveryMinor?: number;
}

/** The store's closeout in the form that the business-time functions take. */
export function closeoutsOf(profile: Pick<StoreProfile, "closeoutMinute">): CloseoutHistory {
  return [{ effectiveFrom: "2000-01-01", closeoutMinute: profile.closeoutMinute }];
}

/** The same hours on all seven days, or with another close on Friday and Saturday. */
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
