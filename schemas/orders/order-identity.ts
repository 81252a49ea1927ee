import { hash } from "node:crypto";
import type { OrderVersion } from "./order-snapshot.ts";

/** What makes the same order arriving twice count once. */
export interface OrderIdentity {
  readonly tenantId: string;
  readonly source: string;
  readonly accountId: string;
  readonly orderId: string;
}

/** The 16-byte key of an order's head: SHA-256 of its identity, cut. */
export function orderKeyOf(order: OrderIdentity): Buffer {
  return Buffer.from(orderKeyText(order), "latin1");
}

/**
 * The same key as latin1 text, one character a byte: 0.3 µs where the buffer takes 0.9, and nothing outside
 * the heap that the collector must look after.
 */
export function orderKeyText(order: OrderIdentity): string {
  const identity = `${order.tenantId}\0${order.source}\0${order.accountId}\0${order.orderId}`;
  return hash("sha256", identity, "binary").slice(0, 16);
}

/** `tenant/source/account/location`: the partition key of an order, so that its versions stay in order. */
export function feedKeyOf(order: {
  readonly tenantId: string;
  readonly source: string;
  readonly accountId: string;
  readonly locationId: string;
}): string {
  return `${order.tenantId}/${order.source}/${order.accountId}/${order.locationId}`;
}

/**
 * Orders two pictures of one order: negative when `a` is older. The tuple is
 * (vendorVersion, mappingRevision, observedAt, hash), and it is total: 0 means the very same picture.
 */
export function compareVersions(a: OrderVersion, b: OrderVersion): number {
  return (
    a.vendorVersion - b.vendorVersion ||
    a.mappingRevision - b.mappingRevision ||
    a.observedAt - b.observedAt ||
    (a.hash < b.hash ? -1 : a.hash > b.hash ? 1 : 0)
  );
}
