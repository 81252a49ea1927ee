import { type OrderSnapshot, orderSnapshotCodec } from "@tillcast/schemas";
import type { Fault } from "./faults.ts";

/**
 * Finds fields and values of an order that cannot be stored while processes of the release before may read it,
 * because they do not know them and a sum would change. None when this release's shape is written.
 */
export function unwritableFaults(
  snapshot: OrderSnapshot,
  { writesPresent = true }: { readonly writesPresent?: boolean },
): Fault[] {
  if (writesPresent) return [];
  const lost = orderSnapshotCodec.frozen?.unwritable(snapshot);
  if (lost === undefined) return [];
  const place = lost.place.replaceAll(/\.(\d+)/g, "[$1]");
  const field = place === "orderTax" ? "tax" : place;
  const reason =
    "cannot be recorded yet: an upgrade is under way, and the release before does not know it";
  return [{ field, reason }];
}
