import { type OrderChannel, orderChannels } from "./order-words.ts";

const numbers = new Map<OrderChannel, number>(
  orderChannels.map((channel, index) => [channel, index]),
);

/** A channel's place in `orderChannels`, as the tables store it. */
export const channelNumber = (channel: OrderChannel): number => numbers.get(channel) as number;

/** The channel at a place; `other` for one that a later release added, so that its sums are shown. */
export const channelAt = (number: number): OrderChannel => orderChannels[number] ?? "other";

/** The channel's word, or its number where this release has no word for it, which keeps the two apart. */
export const channelText = (number: number): string =>
  orderChannels[number] ?? `channel number ${number}`;
