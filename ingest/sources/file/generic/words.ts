import { type OrderChannel, type OrderStatus, orderChannels } from "@tillcast/schemas";

/** A till's word without case, blanks and punctuation: `Dine-In` and `dine in` are equal. */
export function plainWord(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{Letter}\p{Number}]/gu, "");
}

const channelWords: Readonly<Record<string, OrderChannel>> = {
  ...Object.fromEntries(orderChannels.map((channel) => [plainWord(channel), channel])),
  eatin: "dine_in",
  forhere: "dine_in",
  here: "dine_in",
  indoor: "dine_in",
  instore: "dine_in",
  table: "dine_in",
  tableservice: "dine_in",
  carryout: "takeout",
  collection: "takeout",
  pickup: "takeout",
  takeaway: "takeout",
  togo: "takeout",
  drivethrough: "drive_thru",
  web: "online",
  website: "online",
};

/** The channel of a word; undefined if unknown. */
export function channelOf(text: string): OrderChannel | undefined {
  return channelWords[plainWord(text)];
}

const statusWords: Readonly<Record<string, OrderStatus>> = {
  closed: "closed",
  complete: "closed",
  completed: "closed",
  done: "closed",
  paid: "closed",
  settled: "closed",
  open: "open",
  pending: "open",
  unpaid: "open",
  canceled: "voided",
  cancelled: "voided",
  void: "voided",
  voided: "voided",
  deleted: "deleted",
};

/** The status of a word. It decides whether money counts, so an unknown word is rejected. */
export function statusOf(text: string): OrderStatus | undefined {
  return statusWords[plainWord(text)];
}

/** All status words, for an error message. */
export const knownStatuses: string = Object.keys(statusWords).join(", ");

const totalWords =
  /^(?:grand ?total|sub ?-?total|totals?|sums?|summe|gesamt|gesamtsumme|zwischensumme)\b/i;

/** Whether a cell starts with a word that spreadsheets use for sums. */
export function isTotalWord(cell: string): boolean {
  return totalWords.test(cell);
}
