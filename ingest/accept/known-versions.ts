import { byteaArray, type Database, runStatement, type Statement } from "@tillcast/core/database";
import { loadSnapshotDecoders, snapshotOf } from "@tillcast/core/orders";
import { lifeOf, type OrderLife, type OrderVersion } from "@tillcast/schemas";
import { LRUCache } from "lru-cache";

/** Most accepted orders kept in memory until the ledger has them: 100 s at 1,000 orders/s, about 25 MB. */
export const VERSIONS_MAX_COUNT = 100_000;

/** The newest known version of an order. */
export interface KnownVersion {
  readonly vendorVersion: number;
  readonly mappingRevision: number;
  readonly hash: string;
  /** Loads the life of the order; absent if it is unknown. */
  readonly life?: () => OrderLife;
}

/** A version that this process appended to the log. */
export interface AcceptedVersion extends KnownVersion {
  readonly storeId: string;
  readonly receivedAt: number;
}

/** How a new version compares with the newest known one. */
export type Standing = "newer" | "same" | "older" | "conflicting";

/**
 * Compares versions without the receive time, so that a push sent twice is the same. An equal vendor version
 * with other content is a conflict, and the later one wins.
 */
export function standingOf(version: OrderVersion, known: KnownVersion): Standing {
  const difference =
    version.vendorVersion - known.vendorVersion || version.mappingRevision - known.mappingRevision;
  if (difference !== 0) return difference > 0 ? "newer" : "older";
  return version.hash === known.hash ? "same" : "conflicting";
}

/** Finds the newest versions, from the ledger and from this process's own appends. */
export interface KnownVersions {
  /** Resolves with versions by order key as latin1 text. Unknown orders are absent. */
  find(orderKeys: readonly Buffer[]): Promise<Map<string, KnownVersion>>;
  /** The version that this process appended last for an order, if it is still in memory. */
  accepted(orderKey: Buffer): AcceptedVersion | undefined;
  remember(orderKey: Buffer, version: AcceptedVersion): void;
}

interface HeadRow {
  readonly order_key: Buffer;
  readonly vendor_version: bigint;
  readonly mapping_revision: number;
  readonly content_hash: string;
  readonly schema_fingerprint: Buffer;
  readonly snapshot: Buffer;
}

// Keys are hashes that contain the tenant, so this query needs no tenant. One statement without a
// transaction keeps a push of one order cheap.
const selectVersions: Statement = {
  name: "ingest-select-versions",
  text: `
    select order_key, vendor_version, mapping_revision, content_hash, schema_fingerprint, snapshot
    from order_head
    where order_key = any($1::bytea[]) and moved_to is null`,
};

/** Makes the lookup. */
export function makeKnownVersions(database: Database): KnownVersions {
  const appended = new LRUCache<string, AcceptedVersion>({ max: VERSIONS_MAX_COUNT });
  return {
    async find(orderKeys) {
      const { rows } = await runStatement<HeadRow>(database.service, selectVersions, [
        byteaArray(orderKeys),
      ]);
      const found = new Map<string, KnownVersion>();
      const decoders = await loadSnapshotDecoders(database.service, rows);
      for (const row of rows) {
        found.set(row.order_key.toString("latin1"), {
          vendorVersion: Number(row.vendor_version),
          mappingRevision: row.mapping_revision,
          hash: row.content_hash,
          life: () => lifeOf(snapshotOf(decoders, row)),
        });
      }
      for (const orderKey of orderKeys) {
        const key = orderKey.toString("latin1");
        const mine = appended.get(key);
        if (mine === undefined) continue;
        const settled = found.get(key);
        // For the same picture the ledger's row is better: memory does not hold what is on the bill.
        if (settled === undefined || !isSame(mine, settled)) found.set(key, newest(mine, settled));
      }
      return found;
    },
    accepted: (orderKey) => appended.get(orderKey.toString("latin1")),
    remember(orderKey, version) {
      const key = orderKey.toString("latin1");
      const before = appended.get(key);
      if (before === undefined || newest(version, before) === version) appended.set(key, version);
    },
  };
}

const isSame = (a: KnownVersion, b: KnownVersion): boolean =>
  a.hash === b.hash &&
  a.vendorVersion === b.vendorVersion &&
  a.mappingRevision === b.mappingRevision;

/** The newer of two versions. If they are equal, the first, which this process appended last. */
function newest<Version extends KnownVersion>(
  a: Version,
  b: KnownVersion | undefined,
): Version | KnownVersion {
  if (b === undefined) return a;
  const difference = a.vendorVersion - b.vendorVersion || a.mappingRevision - b.mappingRevision;
  return difference >= 0 ? a : b;
}
