import {
  channelNumber,
  contentHashOf,
  type OrderSnapshot,
  orderChannels,
  orderSnapshotCodec,
} from "@tillcast/schemas";
import type { Posted } from "@tillcast/stream-processors/ledger";
import { emptied } from "@tillcast/stream-processors/ledger";
import { compareTexts, type Differences } from "./differences.ts";
import {
  copiedColumns,
  headName,
  postedColumns,
  type StoredHead,
  storedColumns,
} from "./head-columns.ts";
import { keyOfName, type LeftNames } from "./names.ts";
import type { HeadPicture } from "./read-head.ts";

/** The tenant of the order's store; null if the store is unknown. */
export interface HeadOwner {
  readonly storeTenantId: string | null;
  /** Old names of renamed orders, and the orders that they lead to. */
  readonly leftNames: LeftNames;
}

/**
 * Compares a head with its own snapshot: the copied columns, its postings, whether it is open, and whether its
 * bytes can be decoded. Pure.
 */
export function compareHead(
  picture: HeadPicture,
  owner: HeadOwner,
  foldRevision: number,
  differences: Differences,
): void {
  const { head, snapshot, posted, folded } = picture;
  const expected: Record<string, string> = {};
  const found: Record<string, string> = {};
  const hold = (column: string, wanted: string, present: string) => {
    expected[column] = wanted;
    found[column] = present;
  };
  if ("fault" in snapshot) hold("snapshot", readable, snapshot.fault);
  else {
    const orderKey = keyOfName(snapshot.value, head.order_key.toString("hex"), owner.leftNames);
    Object.assign(expected, copiedColumns(snapshot.value, orderKey));
    Object.assign(found, storedColumns(head));
    const { storeTenantId } = owner;
    // An unknown store is reported once, with its rows.
    if (storeTenantId !== null) hold("snapshot.tenantId", storeTenantId, snapshot.value.tenantId);
    holdContent(head, snapshot.value, hold);
    // Heads of releases without this column have false. Refold updates them.
    if (head.fold_revision === foldRevision)
      hold("is_withheld", String(snapshot.value.withheld !== null), String(head.is_withheld));
  }
  if ("fault" in posted) hold("posted", readable, posted.fault);
  else {
    hold("is_open", String(posted.value.open !== null), String(head.is_open));
    if ("fault" in folded) {
      if ("value" in snapshot) hold("snapshot", "can be folded", folded.fault);
    } else if (head.fold_revision === foldRevision) {
      // A renamed order posts under its new name.
      const isLeft = head.moved_to !== null;
      const wanted = isLeft ? emptied(folded.value) : folded.value;
      Object.assign(expected, postedColumns(asPosted(wanted, posted.value)));
      Object.assign(found, postedColumns(posted.value));
    }
  }
  holdWithin("fold_revision", head.fold_revision, foldRevision, hold);
  holdWithin("head_revision", head.head_revision, Number.POSITIVE_INFINITY, hold);
  compareTexts("order_head", headName(head), expected, found, differences);
}

/**
 * This release's postings under the channel that a later release used. This release reads an unknown channel word as
 * `other`, which is no fault of the order.
 */
function asPosted(folded: Posted, posted: Posted): Posted {
  const isLater = posted.channel >= orderChannels.length;
  const { channel } = isLater && folded.channel === channelNumber("other") ? posted : folded;
  return { ...folded, channel };
}

/** The expectation for missing bytes. */
const readable = "readable";

type Hold = (column: string, expected: string, found: string) => void;

/** Ingest writes hashes of 32 digits over the content. */
const isContentHash = (hash: string): boolean => /^[0-9a-f]{32}$/.test(hash);

/**
 * Compares content without sums, such as a receipt number, with ingest's hash. The hash covers the shape in which it
 * was written, so content in an older shape is not compared.
 */
function holdContent(head: StoredHead, snapshot: OrderSnapshot, hold: Hold): void {
  const isOurs = head.schema_fingerprint.equals(orderSnapshotCodec.fingerprint);
  if (!isOurs || !isContentHash(snapshot.version.hash)) return;
  hold("snapshot.content", snapshot.version.hash, contentHashOf(snapshot));
}

/** Revisions start at 1. No known release has written one above the newest. */
function holdWithin(column: string, value: number, most: number, hold: Hold): void {
  if (value >= 1 && value <= most) return;
  hold(column, most === Number.POSITIVE_INFINITY ? "at least 1" : `1 to ${most}`, String(value));
}
