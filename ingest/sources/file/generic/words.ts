import { type OrderChannel, type OrderStatus, orderChannels } from "@tillcast/schemas";

/** A till's own word without case, blanks and punctuation: `Dine-In` and `dine in` are one. */
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

/** The channel that a word means; undefined for words that are not known. */
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

/** The status that a word means; it decides whether money counts, so that an unknown word is refused. */
export function statusOf(text: string): OrderStatus | undefined {
  return statusWords[plainWord(text)];
}

/** Every word that is taken for a status, for a refusal. */
export const knownStatuses: string = Object.keys(statusWords).join(", ");

const totalWords =
  /^(?:grand ?total|sub ?-?total|totals?|sums?|summe|gesamt|gesamtsumme|zwischensumme)\b/i;

/** Whether a cell begins with a word by which spreadsheets name a row of sums. */
export function isTotalWord(cell: string): boolean {
  return totalWords.test(cell);
}
