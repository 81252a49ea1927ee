/**
 * The format of a record's value in both logs: a zero byte, the schema id in four bytes, then Avro. This is
 * Confluent's wire format, which foreign producers and readers understand. "Framed" means: in this format.
 */

const magic = 0;
const headerBytes = 5;

/** Puts the schema id in front of a value. */
export function frame(schemaId: number, payload: Buffer): Buffer {
  const framed = Buffer.allocUnsafe(headerBytes + payload.length);
  framed[0] = magic;
  framed.writeUInt32BE(schemaId, 1);
  payload.copy(framed, headerBytes);
  return framed;
}

/** Splits a framed value. The payload is a view, not a copy. Undefined for a value without a schema id. */
export function readFrame(
  value: Buffer,
): { readonly schemaId: number; readonly payload: Buffer } | undefined {
  if (value.length < headerBytes || value[0] !== magic) return undefined;
  return { schemaId: value.readUInt32BE(1), payload: value.subarray(headerBytes) };
}

/** The Avro part of a value with or without schema id, to show dead letters. */
export function payloadOf(value: Buffer): Buffer {
  return readFrame(value)?.payload ?? value;
}
