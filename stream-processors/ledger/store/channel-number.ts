import { type OrderChannel, orderChannels } from "@tillcast/schemas";

const numbers = new Map<OrderChannel, number>(
  orderChannels.map((channel, index) => [channel, index]),
);

/** A channel's place in `orderChannels`, as the tables store it. */
export const channelNumber = (channel: OrderChannel): number => numbers.get(channel) ?? 0;

/** The channel at a place; throws for one that no code ever wrote. */
export function channelAt(number: number): OrderChannel {
  const channel = orderChannels[number];
  if (channel === undefined) throw new Error(`No channel has the number ${number}.`);
  return channel;
}
