/**
 * How a record's value lies in the log, on either of them: a zero byte, the schema's id as four bytes, then
 * Avro. It is Confluent's wire format, so that producers and readers of other makes understand it.
 */

const magic = 0;
const headerBytes = 5;

/** A value with its schema's id in front. */
export function frame(schemaId: number, payload: Buffer): Buffer {
  const framed = Buffer.allocUnsafe(headerBytes + payload.length);
  framed[0] = magic;
  framed.writeUInt32BE(schemaId, 1);
  payload.copy(framed, headerBytes);
  return framed;
}

/** A framed value's parts; the payload is a view, not a copy. Undefined for a value without a frame. */
export function readFrame(
  value: Buffer,
): { readonly schemaId: number; readonly payload: Buffer } | undefined {
  if (value.length < headerBytes || value[0] !== magic) return undefined;
  return { schemaId: value.readUInt32BE(1), payload: value.subarray(headerBytes) };
}

/** The Avro of a value, framed or not; for those who look at dead letters. */
export function payloadOf(value: Buffer): Buffer {
  return readFrame(value)?.payload ?? value;
}
