import { databaseErrorCode, type Transaction } from "@tillcast/core/database";
import { loadSnapshotDecoders, type SnapshotDecoders, snapshotOf } from "@tillcast/core/orders";
import type { OrderSnapshot } from "@tillcast/schemas";
import type { Fold } from "@tillcast/stream-processors/ledger";
import { type Posted, postedCodec } from "@tillcast/stream-processors/ledger";
import type { StoredHead } from "./head-columns.ts";
import { reasonText } from "./readable.ts";

/** Something that was read, or why it could not be. */
export type Read<Value> = { readonly value: Value } | { readonly fault: string };

/** A head with what its bytes hold. Damaged bytes are a finding about that head, and never an end. */
export interface HeadPicture {
  readonly head: StoredHead;
  readonly snapshot: Read<OrderSnapshot>;
  readonly posted: Read<Posted>;
  /** What the fold makes of the snapshot. */
  readonly folded: Read<Posted>;
}

/** What an order posted: as it is stored, or where that is damaged as its snapshot says. */
export function postedOf({ posted, folded }: HeadPicture): Posted | undefined {
  if ("value" in posted) return posted.value;
  return "value" in folded ? folded.value : undefined;
}

/** The columns that a head's bytes are read from. */
type HeadBytes = Pick<StoredHead, "schema_fingerprint" | "snapshot">;

/** Reads the bytes of heads, each for itself. */
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

/** Reads what a head posted. */
export const readPosted = (bytes: Buffer): Read<Posted> => attempt(() => postedCodec.decode(bytes));

function readSnapshot(
  head: HeadBytes,
  decoders: ReadonlyMap<string, Read<SnapshotDecoders>>,
): Read<OrderSnapshot> {
  const found = decoders.get(head.schema_fingerprint.toString("hex"));
  if (found === undefined) return { fault: "its schema was not looked up" };
  return "fault" in found ? found : attempt(() => snapshotOf(found.value, head));
}

/** One by one, so that a damaged schema is told of its own orders only. */
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
