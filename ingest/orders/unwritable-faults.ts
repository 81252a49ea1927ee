import { type OrderSnapshot, orderSnapshotCodec } from "@tillcast/schemas";
import type { Fault } from "./faults.ts";

/**
 * What of an order cannot be recorded while processes of the release before may read it: a field or a word
 * that they do not know, without which a sum would be another. None once this release's shape is written.
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
