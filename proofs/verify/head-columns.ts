import { channelText, measures, type OrderSnapshot } from "@tillcast/schemas";
import type { Posted } from "@tillcast/stream-processors/ledger";
import type { Texts } from "./differences.ts";
import { instantText, msOf } from "./readable.ts";

/** A head's columns as stored. Instants are UTC milliseconds. */
export interface StoredHead {
  readonly order_key: Buffer;
  readonly tenant_id: string;
  readonly store_id: string;
  readonly source: string;
  readonly account_id: string;
  readonly location_id: string;
  readonly order_id: string;
  readonly vendor_version: bigint;
  readonly mapping_revision: number;
  readonly observed_at: number;
  readonly content_hash: string;
  readonly head_revision: number;
  readonly fold_revision: number;
  readonly schema_fingerprint: Buffer;
  readonly snapshot: Buffer;
  readonly posted: Buffer;
  readonly is_open: boolean;
  readonly is_withheld: boolean;
  readonly posted_from: number | null;
  readonly posted_to: number | null;
  readonly recorded_at: number;
  readonly moved_to: Buffer | null;
}

/** The columns of a `StoredHead` in SQL, for a table alias. */
export const storedHeadColumns = (table: string): string =>
  [
    ...plainColumns.map((column) => `${table}.${column}`),
    ...instantColumns.map((column) => `${msOf(`${table}.${column}`)} as ${column}`),
  ].join(", ");

const plainColumns = [
  "order_key",
  "tenant_id",
  "store_id",
  "source",
  "account_id",
  "location_id",
  "order_id",
  "vendor_version",
  "mapping_revision",
  "content_hash",
  "head_revision",
  "fold_revision",
  "schema_fingerprint",
  "snapshot",
  "posted",
  "is_open",
  "moved_to",
  "is_withheld",
];
const instantColumns = ["observed_at", "posted_from", "posted_to", "recorded_at"];

/** The name of a head for people: its order and its key, because one of them may be damaged. */
export const headName = (head: StoredHead): string =>
  `order ${head.source}/${head.account_id}/${head.order_id}, key ${head.order_key.toString("hex")}, store ${head.store_id}`;

/** The columns that a head copies from its snapshot. `orderKey` is the key of its name. */
export function copiedColumns(snapshot: OrderSnapshot, orderKey: string): Texts {
  const { version } = snapshot;
  return {
    order_key: orderKey,
    tenant_id: snapshot.tenantId,
    store_id: snapshot.storeId,
    source: snapshot.source,
    account_id: snapshot.accountId,
    location_id: snapshot.locationId,
    order_id: snapshot.orderId,
    vendor_version: String(version.vendorVersion),
    mapping_revision: String(version.mappingRevision),
    observed_at: instantText(version.observedAt),
    content_hash: version.hash,
    recorded_at: instantText(snapshot.receivedAt),
  };
}

/** The same columns from the head. */
export const storedColumns = (head: StoredHead): Texts => ({
  order_key: head.order_key.toString("hex"),
  tenant_id: head.tenant_id,
  store_id: head.store_id,
  source: head.source,
  account_id: head.account_id,
  location_id: head.location_id,
  order_id: head.order_id,
  vendor_version: String(head.vendor_version),
  mapping_revision: String(head.mapping_revision),
  observed_at: instantText(head.observed_at),
  content_hash: head.content_hash,
  recorded_at: instantText(head.recorded_at),
});

/**
 * All postings, field by field, such as `posted.entries.0.net`. It includes every field, so that new ones are compared
 * too. Zero amounts are left out, because a measure that was added later is zero in older postings.
 */
export function postedColumns(posted: Posted): Texts {
  const columns: Record<string, string> = {};
  walk("posted", posted, columns);
  columns["posted.channel"] = channelText(posted.channel);
  return columns;
}

function walk(path: string, value: unknown, columns: Record<string, string>): void {
  if (Array.isArray(value)) {
    const nameOf = path.endsWith(".values") ? measureName : String;
    value.forEach((one, index) => {
      if (one !== 0n) walk(`${path}.${nameOf(index)}`, one, columns);
    });
  } else if (typeof value === "object" && value !== null) {
    for (const [field, one] of Object.entries(value)) walk(`${path}.${field}`, one, columns);
  } else {
    columns[path] = String(value);
  }
}

const measureName = (index: number): string => measures[index] ?? String(index);
