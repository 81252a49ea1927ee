import {
  byteaArray,
  type Database,
  inTransaction,
  runStatement,
  type Statement,
} from "@tillcast/core/database";
import { loadSnapshotDecoders, snapshotOf } from "@tillcast/core/orders";
import {
  contentHashOf,
  lifeDifference,
  lifeOf,
  type Numbering,
  numberSpaceOf,
  type OrderSnapshot,
  orderKeyOf,
  orderKeyText,
} from "@tillcast/schemas";
import { type KnownVersion, type KnownVersions, standingOf } from "../../accept/known-versions.ts";

/** An order with its name by the feed's numbering. */
export type NamedOrder =
  | { readonly snapshot: OrderSnapshot; readonly orderKey: Buffer }
  | { readonly field: "orderId" | "registerId"; readonly reason: string };

interface SnapshotRow {
  readonly order_key: Buffer;
  readonly schema_fingerprint: Buffer;
  readonly snapshot: Buffer;
}

const selectSnapshots: Statement = {
  name: "ingest-import-snapshots",
  text: `
    select order_key, schema_fingerprint, snapshot
    from order_head
    where order_key = any($1::bytea[])`,
};

/** Orders with their names, and the known order of each name. */
export interface NamedOrders {
  readonly named: readonly NamedOrder[];
  /** By the key's text. */
  readonly known: ReadonlyMap<string, KnownVersion>;
}

/** Loads the ledger's pictures of orders, by the key's text. */
export async function loadKnownOrders(
  database: Database,
  orderKeys: readonly Buffer[],
): Promise<Map<string, OrderSnapshot>> {
  if (orderKeys.length === 0) return new Map();
  return inTransaction(database.service, async (tx) => {
    const { rows } = await runStatement<SnapshotRow>(tx, selectSnapshots, [byteaArray(orderKeys)]);
    const decoders = await loadSnapshotDecoders(tx, rows);
    return new Map(
      rows.map((row) => [row.order_key.toString("latin1"), snapshotOf(decoders, row)]),
    );
  });
}

/**
 * Names orders by their feed's numbering. An order that is known by its number alone keeps that name if it is the
 * same bill. If numbers may repeat in an unknown way, an order is rejected when another bill has its number,
 * because it would replace that bill.
 */
export async function nameOrders(
  deps: { readonly database: Database; readonly versions: KnownVersions },
  snapshots: readonly OrderSnapshot[],
  naming: { readonly numbering: Numbering; readonly dayOf: (order: OrderSnapshot) => string },
): Promise<NamedOrders> {
  const named = snapshots.map((snapshot) => withNumbering(snapshot, naming));
  const plain = snapshots.map((snapshot) => ({ ...snapshot, numberSpace: null }));
  const spaced = plain.filter((_, at) => named[at]?.numberSpace !== null);
  const known = await deps.versions.find([...named, ...spaced].map(orderKeyOf));
  const isKnown = (order: OrderSnapshot) => known.has(orderKeyText(order));
  const underPlain = plain.map((order, at) => {
    const own = named[at] as OrderSnapshot;
    return own.numberSpace !== null && !isKnown(own) && isKnown(order);
  });
  const unsure = named.flatMap((order, at) => {
    if (underPlain[at] === true) return [orderKeyOf(plain[at] as OrderSnapshot)];
    const before = known.get(orderKeyText(order));
    const isSame = before === undefined || standingOf(order.version, before) === "same";
    return isSame || naming.numbering === "unique" ? [] : [orderKeyOf(order)];
  });
  const pictures = await loadKnownOrders(deps.database, unsure);
  const perRegister = /^per_register/.test(naming.numbering);
  const answers = named.map((own, at): NamedOrder => {
    if (perRegister && own.registerId === null) {
      return { field: "registerId", reason: "is missing; the feed's numbers are per register" };
    }
    const order = underPlain[at] === true ? (plain[at] as OrderSnapshot) : own;
    const picture = pictures.get(orderKeyText(order));
    const difference = picture && lifeDifference(lifeOf(picture), lifeOf(order));
    if (difference === undefined) {
      const snapshot = underPlain[at] === true ? stamped(order) : own;
      return { snapshot, orderKey: orderKeyOf(snapshot) };
    }
    if (underPlain[at] === true) return { snapshot: own, orderKey: orderKeyOf(own) };
    const date = picture?.businessDate ?? "another day";
    return {
      field: "orderId",
      reason: `has a number already used on ${date}, and is another bill: ${difference}; say how numbers repeat, for example --numbering per-day, or --numbering unique where this corrects that bill`,
    };
  });
  return { named: answers, known };
}

function withNumbering(
  snapshot: OrderSnapshot,
  { numbering, dayOf }: { numbering: Numbering; dayOf: (order: OrderSnapshot) => string },
): OrderSnapshot {
  if (numbering === "unknown") return snapshot;
  const numberSpace = numberSpaceOf({ ...snapshot, openedOn: dayOf(snapshot) }, numbering);
  return stamped({ ...snapshot, numbering, numberSpace });
}

/** The hash covers the whole content of the order, including its name. */
function stamped(order: OrderSnapshot): OrderSnapshot {
  return { ...order, version: { ...order.version, hash: contentHashOf(order) } };
}
