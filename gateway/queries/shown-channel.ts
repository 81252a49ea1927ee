import { channelNumber, orderChannels } from "@tillcast/schemas";

/**
 * The number of the channel under which a row `r` is shown: its own, or that of `other` where a later release
 * added the channel, so that its sums are seen.
 */
export const shownChannel = `
  case when r.channel < ${orderChannels.length} then r.channel else ${channelNumber("other")} end`.trim();
