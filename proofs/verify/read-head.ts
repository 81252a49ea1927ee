import { databaseErrorCode, type Transaction } from "@tillcast/core/database";
import { loadSnapshotDecoders, type SnapshotDecoders, snapshotOf } from "@tillcast/core/orders";
import type { OrderSnapshot } from "@tillcast/schemas";
import type { Fold } from "@tillcast/stream-processors/ledger";
import { type Posted, postedCodec } from "@tillcast/stream-processors/ledger";
import type { StoredHead } from "./head-columns.ts";
import { reasonText } from "./readable.ts";

/** A decoded value, or why it could not be decoded. */
export type Read<Value> = { readonly value: Value } | { readonly fault: string };

/** A head with its decoded bytes. Damaged bytes are reported for that head, and do not stop the verification. */
export interface HeadPicture {
  readonly head: StoredHead;
  readonly snapshot: Read<OrderSnapshot>;
  readonly posted: Read<Posted>;
  /** The fold's result for the snapshot. */
  readonly folded: Read<Posted>;
}

/** The postings of an order: the stored ones, or, if damaged, those of its snapshot. */
export function postedOf({ posted, folded }: HeadPicture): Posted | undefined {
  if ("value" in posted) return posted.value;
  return "value" in folded ? folded.value : undefined;
}

/** The columns with a head's bytes. */
type HeadBytes = Pick<StoredHead, "schema_fingerprint" | "snapshot">;

/** Decodes the bytes of heads, each one separately. */
export async function readHeads(
  tx: Transaction,
  heads: readonly StoredHead[],
  fold: Fold,
): Promise<HeadPicture[]> {
  const decoders = await decodersByFingerprint(tx, heads);
  return heads.map((head) => {
    const snapshot = readSnapshot(head, decoders);
    const folded = "value" in snapshot ? attempt(() => fold.postingsOf(snapshot.value)) : snapshot;
    return { head, snapshot, posted: readPosted(head.posted), folded };
  });
}

/** Decodes a head's postings. */
export const readPosted = (bytes: Buffer): Read<Posted> => attempt(() => postedCodec.decode(bytes));

function readSnapshot(
  head: HeadBytes,
  decoders: ReadonlyMap<string, Read<SnapshotDecoders>>,
): Read<OrderSnapshot> {
  const found = decoders.get(head.schema_fingerprint.toString("hex"));
  if (found === undefined) return { fault: "its schema was not looked up" };
  return "fault" in found ? found : attempt(() => snapshotOf(found.value, head));
}

/** Each schema separately, so that a damaged one is reported only for its own orders. */
async function decodersByFingerprint(
  tx: Transaction,
  heads: readonly HeadBytes[],
): Promise<Map<string, Read<SnapshotDecoders>>> {
  const decoders = new Map<string, Read<SnapshotDecoders>>();
  for (const head of heads) {
    const fingerprint = head.schema_fingerprint.toString("hex");
    if (decoders.has(fingerprint)) continue;
    try {
      decoders.set(fingerprint, { value: await loadSnapshotDecoders(tx, [head]) });
    } catch (error) {
      if (databaseErrorCode(error) !== undefined) throw error;
      decoders.set(fingerprint, { fault: `its schema: ${reasonText(error)}` });
    }
  }
  return decoders;
}

function attempt<Value>(read: () => Value): Read<Value> {
  try {
    return { value: read() };
  } catch (error) {
    return { fault: reasonText(error) };
  }
}
