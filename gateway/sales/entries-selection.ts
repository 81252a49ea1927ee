import { DAY_MS, type EntriesQuery, type OrderChannel } from "@tillcast/schemas";
import type { z } from "zod";
import { invalid, readDate, readInstant } from "./read-instant.ts";

/** The most days of entries that one request may span. */
export const entriesRangeMaxDays = 31;

/** Which entries are asked for: by business date, by the instant at which they count, or by both. */
export interface EntriesSelection {
  readonly businessDate: string | null;
  readonly range: { readonly startMs: number; readonly endMs: number } | null;
  readonly channel: OrderChannel | null;
  readonly currency: string | null;
  readonly after: EntryPlace | null;
  readonly limit: number;
}

/** The place of an entry in the order of a drill-down. */
export interface EntryPlace {
  readonly countedAtMs: number;
  /** Hexadecimal. */
  readonly entryId: string;
}

/** Reads a drill-down's query; faults name the field. */
export function readEntriesSelection(
  query: z.output<typeof EntriesQuery>,
  timeZone: string,
): EntriesSelection {
  const businessDate =
    query.businessDate === undefined ? null : readDate(query.businessDate, "businessDate");
  if (query.from === undefined && query.to === undefined && businessDate === null) {
    throw invalid("businessDate", "is missing, and so are from and to");
  }
  return {
    businessDate,
    range: readRange(query, timeZone),
    channel: query.channel ?? null,
    currency: query.currency ?? null,
    after: query.cursor === undefined ? null : readPlace(query.cursor),
    limit: query.limit,
  };
}

function readRange(
  query: { readonly from?: string | undefined; readonly to?: string | undefined },
  timeZone: string,
): EntriesSelection["range"] {
  if (query.from === undefined && query.to === undefined) return null;
  if (query.from === undefined) throw invalid("from", "is missing beside to");
  if (query.to === undefined) throw invalid("to", "is missing beside from");
  const startMs = readInstant(query.from, "from", timeZone);
  const endMs = readInstant(query.to, "to", timeZone);
  if (endMs < startMs) throw invalid("to", "lies before from");
  if (endMs - startMs > entriesRangeMaxDays * DAY_MS) {
    throw invalid("to", `is more than ${entriesRangeMaxDays} days after from`);
  }
  return { startMs, endMs };
}

/** Writes the place after which the next page begins, for clients to hand back as it is. */
export function writePlace(place: EntryPlace): string {
  return Buffer.from(`${place.countedAtMs} ${place.entryId}`).toString("base64url");
}

function readPlace(cursor: string): EntryPlace {
  const text = Buffer.from(cursor, "base64url").toString();
  const [, countedAt, entryId] = /^(\d{1,15}) ((?:[0-9a-f]{2}){1,64})$/.exec(text) ?? [];
  if (countedAt === undefined || entryId === undefined) {
    throw invalid("cursor", "is not a nextCursor that was answered before");
  }
  return { countedAtMs: Number(countedAt), entryId };
}
