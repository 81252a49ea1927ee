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

/** Whose an order is by its store's own row; null where no such store is known. */
export interface HeadOwner {
  readonly storeTenantId: string | null;
  /** Names that were left, and where they lead. */
  readonly leftNames: LeftNames;
}

/**
 * Holds a head against its own snapshot: the columns copied from it, what it says it posted, whether it is
 * open, and whether its bytes can be read at all. Pure.
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
    // A store that nobody knows is said once, with its rows.
    if (storeTenantId !== null) hold("snapshot.tenantId", storeTenantId, snapshot.value.tenantId);
    holdContent(head, snapshot.value, hold);
    // Heads of releases that had no such column say false of all; refold brings them up to date.
    if (head.fold_revision === foldRevision)
      hold("is_withheld", String(snapshot.value.withheld !== null), String(head.is_withheld));
  }
  if ("fault" in posted) hold("posted", readable, posted.fault);
  else {
    hold("is_open", String(posted.value.open !== null), String(head.is_open));
    if ("fault" in folded) {
      if ("value" in snapshot) hold("snapshot", "can be folded", folded.fault);
    } else if (head.fold_revision === foldRevision) {
      // An order that left its name posts under the other.
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
 * What this release would post, under the channel that a later one posted it under: here its word reads as
 * `other`, and the order is no less right for it.
 */
function asPosted(folded: Posted, posted: Posted): Posted {
  const isLater = posted.channel >= orderChannels.length;
  const { channel } = isLater && folded.channel === channelNumber("other") ? posted : folded;
  return { ...folded, channel };
}

/** Said of bytes that ought to be. */
const readable = "readable";

type Hold = (column: string, expected: string, found: string) => void;

/** Hashes are 32 digits over the content where ingest wrote them. */
const isContentHash = (hash: string): boolean => /^[0-9a-f]{32}$/.test(hash);

/**
 * What no sum shows, such as a receipt's number, is held against the hash that ingest took of it. A hash
 * was taken of the shape that wrote it, so what an older shape wrote is not judged.
 */
function holdContent(head: StoredHead, snapshot: OrderSnapshot, hold: Hold): void {
  const isOurs = head.schema_fingerprint.equals(orderSnapshotCodec.fingerprint);
  if (!isOurs || !isContentHash(snapshot.version.hash)) return;
  hold("snapshot.content", snapshot.version.hash, contentHashOf(snapshot));
}

/** Revisions begin at 1; one beyond the newest was never written by any code that this one knows. */
function holdWithin(column: string, value: number, most: number, hold: Hold): void {
  if (value >= 1 && value <= most) return;
  hold(column, most === Number.POSITIVE_INFINITY ? "at least 1" : `1 to ${most}`, String(value));
}
