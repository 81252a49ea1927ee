import { hash } from "node:crypto";
import type { LostPart } from "../avro/frozen-shape.ts";
import { type OrderSnapshot, orderSnapshotCodec } from "./order-snapshot.ts";

/**
 * 32 hexadecimal digits over what an order says, whenever it was received: the same order pushed twice
 * has the same hash, also where a release between the two
 * added fields or words. What the release of the frozen shape could say is hashed as that release did, and
 * what is newer only where it is said.
 */
export function contentHashOf(snapshot: OrderSnapshot): string {
  const content: OrderSnapshot = {
    ...snapshot,
    receivedAt: 0,
    // How a bill came by its name is said of it, and not by it.
    formerKey: null,
    nameDecision: null,
    version: { ...snapshot.version, observedAt: 0, hash: "" },
  };
  const { frozen } = orderSnapshotCodec;
  if (frozen === undefined) return digestOf(orderSnapshotCodec.encode(content));
  const newer = frozen.lostParts(content).filter(isSaid);
  const known = newer.some(({ isWord }) => isWord) ? withoutWords(content, newer) : content;
  if (newer.length === 0) return digestOf(frozen.encode(known));
  const said = newer.map(({ place, value }) => `${place}=${String(value)}`).join("\0");
  return digestOf(Buffer.concat([frozen.encode(known), Buffer.from(said)]));
}

/**
 * How a feed's numbers repeat is no part of the bill; where it joins the order's name, it is. That a number
 * belongs to its location alone is said of no bill anew: a push sent again after an upgrade stays the same.
 */
function isSaid({ field, value }: LostPart): boolean {
  if (field === "numbering") return value !== "unknown" && value !== "unique";
  return field !== "numberSpace" || !/^location:[^/]*$/.test(String(value));
}

/** The frozen shape has no room for a newer word; it is hashed behind the bytes instead. */
function withoutWords(content: OrderSnapshot, newer: readonly LostPart[]): OrderSnapshot {
  const places = newer.filter(({ isWord }) => isWord).map(({ place }) => place);
  const other = places.filter((place) => place !== "source");
  if (other.length > 0) throw new Error(`no older word stands for that of ${other.join(", ")}`);
  return { ...content, source: "push" };
}

const digestOf = (content: Buffer): string => hash("sha256", content, "hex").slice(0, 32);
