import { channelText, measures, orderChannels } from "@tillcast/schemas";
import type { Posted } from "@tillcast/stream-processors/ledger";
import { entryIdOf } from "@tillcast/stream-processors/ledger";
import {
  addToRow,
  compareRows,
  compareTexts,
  type Differences,
  type FoundRow,
} from "./differences.ts";
import { headName, type StoredHead } from "./head-columns.ts";
import { instantText } from "./readable.ts";

/** A ledger entry as stored. Instants are UTC milliseconds. */
export type StoredEntry = Record<(typeof measures)[number], bigint> & {
  readonly entry_id: Buffer;
  readonly order_key: Buffer;
  readonly tenant_id: string;
  readonly store_id: string;
  readonly counted_at: number;
  readonly business_date: string;
  readonly occurred_at: number;
  readonly recorded_at: number;
  readonly channel: number;
  readonly currency: string;
};

/**
 * Compares an order's ledger entries with its head's postings: the sums by store, channel, instant and date, the
 * tenant, and the first and last instant. Pure.
 *
 * `posted` is absent if neither the head's bytes nor its snapshot can be decoded. Then the sums cannot be compared,
 * and the head is reported.
 */
export function compareLedger(
  head: StoredHead,
  posted: Posted | undefined,
  entries: readonly StoredEntry[],
  differences: Differences,
): void {
  if (posted !== undefined) compareSums(head, posted, entries, differences);
  for (const entry of entries) compareOwner(head, entry, differences);
  if (posted !== undefined && head.head_revision === 1) {
    compareOnlyVersion(head, posted, entries, differences);
  } else compareNewestVersion(head, entries, differences);
  const instants = entries.map((entry) => entry.counted_at);
  const extreme = (pick: (...values: number[]) => number) =>
    instantText(instants.length === 0 ? null : pick(...instants));
  compareTexts(
    "order_head",
    headName(head),
    { posted_from: extreme(Math.min), posted_to: extreme(Math.max) },
    { posted_from: instantText(head.posted_from), posted_to: instantText(head.posted_to) },
    differences,
  );
}

/** Where and when something counts. */
interface Where {
  readonly storeId: string;
  readonly countedAt: number;
  readonly businessDate: string;
  /** Its place in `orderChannels`. */
  readonly channel: number;
  readonly currency: string;
}

const whereOf = (entry: StoredEntry): Where => ({
  storeId: entry.store_id,
  countedAt: entry.counted_at,
  businessDate: entry.business_date,
  channel: entry.channel,
  currency: entry.currency,
});

function nameAt(head: StoredHead, where: Where): string {
  const { storeId, countedAt, businessDate, channel, currency } = where;
  return `order ${head.source}/${head.account_id}/${head.order_id}, key ${head.order_key.toString("hex")}, store ${storeId}, counted ${instantText(countedAt)}, business date ${businessDate}, ${channelText(channel)}, ${currency}`;
}

function compareSums(
  head: StoredHead,
  posted: Posted,
  entries: readonly StoredEntry[],
  differences: Differences,
): void {
  const expected = new Map<string, Record<string, bigint>>();
  for (const { countedAt, businessDate, values } of posted.entries) {
    const amounts = measures.map((name, index) => [name, values[index] ?? 0n]);
    addToRow(
      expected,
      nameAt(head, { ...posted, countedAt, businessDate }),
      Object.fromEntries(amounts),
    );
  }
  const sums = new Map<string, Record<string, bigint>>();
  for (const entry of entries) {
    const amounts = measures.map((name) => [name, entry[name]]);
    addToRow(sums, nameAt(head, whereOf(entry)), Object.fromEntries(amounts));
  }
  const found = new Map<string, FoundRow>();
  for (const [key, amounts] of sums) found.set(key, { amounts, texts: {} });
  compareRows("ledger_entry", expected, found, differences);
}

function compareOwner(head: StoredHead, entry: StoredEntry, differences: Differences): void {
  const name = `${nameAt(head, whereOf(entry))}, entry ${entry.entry_id.toString("hex")}`;
  compareTexts(
    "ledger_entry",
    name,
    { tenant_id: head.tenant_id },
    { tenant_id: entry.tenant_id },
    differences,
  );
}

/** The details of a ledger entry of one version. */
interface EntryTexts {
  readonly entry_id: string;
  readonly occurred_at: string;
  readonly recorded_at: string;
}

/**
 * An order with one version has exactly the entries that it posted, so their ids and instants are known.
 */
function compareOnlyVersion(
  head: StoredHead,
  posted: Posted,
  entries: readonly StoredEntry[],
  differences: Differences,
): void {
  const expected = new Map<string, EntryTexts>();
  for (const entry of posted.entries) {
    expected.set(nameAt(head, { ...posted, ...entry }), {
      entry_id: idOf(head, { ...posted, ...entry }),
      occurred_at: instantText(entry.occurredAt),
      recorded_at: instantText(head.recorded_at),
    });
  }
  for (const entry of entries) {
    const key = nameAt(head, whereOf(entry));
    const wanted = expected.get(key);
    // An entry at another place is reported with the sums.
    if (wanted === undefined) continue;
    const id = entry.entry_id.toString("hex");
    // A later release's id contains its channel word, which is unknown here.
    const isKnown = entry.channel < orderChannels.length;
    const texts: EntryTexts = {
      entry_id: isKnown ? id : wanted.entry_id,
      occurred_at: instantText(entry.occurred_at),
      recorded_at: instantText(entry.recorded_at),
    };
    compareTexts("ledger_entry", key, { ...wanted }, { ...texts }, differences);
  }
}

/**
 * For an edited order, the ids of earlier versions' entries cannot be computed again. Those of the newest version
 * can, and its entries were recorded with it.
 */
function compareNewestVersion(
  head: StoredHead,
  entries: readonly StoredEntry[],
  differences: Differences,
): void {
  for (const entry of entries) {
    const id = entry.entry_id.toString("hex");
    if (id !== idOf(head, whereOf(entry))) continue;
    compareTexts(
      "ledger_entry",
      `${nameAt(head, whereOf(entry))}, entry ${id}`,
      { recorded_at: instantText(head.recorded_at) },
      { recorded_at: instantText(entry.recorded_at) },
      differences,
    );
  }
}

function idOf(head: StoredHead, where: Where): string {
  const version = {
    vendorVersion: Number(head.vendor_version),
    mappingRevision: head.mapping_revision,
    observedAt: head.observed_at,
    hash: head.content_hash,
  };
  const { storeId, currency, countedAt, businessDate, channel } = where;
  const entry = { countedAt, businessDate, hourStart: 0, occurredAt: 0, values: [] };
  const change = { place: { storeId, channel, currency }, entry };
  const id = entryIdOf(head.order_key.toString("latin1"), version, change);
  return Buffer.from(id, "latin1").toString("hex");
}
