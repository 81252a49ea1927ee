import { type AvroCodec, type OrderSnapshot, orderSnapshotCodec } from "@tillcast/schemas";
import { byteaArray } from "../database/binary-arrays.ts";
import { runStatement, type Statement } from "../database/run-statement.ts";
import type { Transaction } from "../database/transaction.ts";
import { appError } from "../errors.ts";

type Decode = (bytes: Buffer) => OrderSnapshot;
type WriterSchema = AvroCodec<OrderSnapshot>["schema"];

/** A snapshot as heads keep it. */
export interface StoredSnapshot {
  readonly schema_fingerprint: Buffer;
  readonly snapshot: Buffer;
}

/** Decoders by the fingerprint of the schema that wrote. */
export type SnapshotDecoders = ReadonlyMap<string, Decode>;

const selectSchemas: Statement = {
  name: "select-writer-schemas",
  text: "select fingerprint, schema from avro_schema where fingerprint = any($1::bytea[])",
};

/** Schemas never change under their fingerprint; there is one for each release that changed the shape. */
const known = new Map<string, Decode>([
  [orderSnapshotCodec.fingerprint.toString("hex"), orderSnapshotCodec.decode],
]);

/** Makes decoders for all snapshots of a page, from whichever release they are. */
export async function loadSnapshotDecoders(
  tx: Pick<Transaction, "query">,
  rows: readonly StoredSnapshot[],
): Promise<SnapshotDecoders> {
  const wanted = new Set(rows.map((row) => row.schema_fingerprint.toString("hex")));
  const missing = [...wanted].filter((fingerprint) => !known.has(fingerprint));
  if (missing.length > 0) {
    const { rows: found } = await runStatement<{ fingerprint: Buffer; schema: WriterSchema }>(
      tx,
      selectSchemas,
      [byteaArray(missing.map((fingerprint) => Buffer.from(fingerprint, "hex")))],
    );
    for (const { fingerprint, schema } of found) {
      known.set(fingerprint.toString("hex"), orderSnapshotCodec.decoderFor(schema));
    }
  }
  return known;
}

/** The order that a head keeps. */
export function snapshotOf(decoders: SnapshotDecoders, row: StoredSnapshot): OrderSnapshot {
  const fingerprint = row.schema_fingerprint.toString("hex");
  const decode = decoders.get(fingerprint);
  if (decode === undefined) {
    throw appError("internal", { reason: `no schema with fingerprint ${fingerprint} is stored` });
  }
  return decode(row.snapshot);
}
