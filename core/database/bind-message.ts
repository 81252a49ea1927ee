import { Buffer } from "node:buffer";

/** Dimensions, null flag, element type, then length and lower bound of the one dimension. */
const arrayHeaderBytes = 20;
const lengthBytes = 4;
/** The smallest buffer; larger ones are powers of two. */
const firstBytes = 65_536;
/** Buffers kept for the next message; as many as there are statements in flight. */
const keptMax = 16;
/** A message that needed more than this is an exception, and its buffer is given up. */
const keptBytesMax = 8_388_608;

/**
 * PostgreSQL's Bind message, written column by column into a buffer that is used again. The driver's own
 * writer starts each message at 256 bytes and copies it a dozen times as it grows, from parameters that
 * were buffers of their own before: a third of what a batch cost in Node.
 */
export class BindMessage {
  #buffer: Buffer;
  #view: DataView;
  #at = 0;

  /** `bytes`: how long the message is likely to become; it grows where it becomes longer. */
  constructor(bytes: number = firstBytes) {
    this.#buffer = takeBuffer(bytes);
    this.#view = viewOf(this.#buffer);
  }

  /** Begins a message for a prepared statement whose parameters are all binary. */
  begin(statement: string, parameterCount: number): void {
    this.#at = 5;
    this.reserve(64 + statement.length * 4);
    this.#buffer[this.#at++] = 0;
    this.#at += this.#buffer.write(statement, this.#at);
    this.#buffer[this.#at++] = 0;
    this.#int16(1);
    this.#int16(1);
    this.#int16(parameterCount);
  }

  /** Ends the message and answers it; valid until `release`. Results are asked for as text. */
  end(): Buffer {
    this.reserve(4);
    this.#int16(1);
    this.#int16(0);
    this.#buffer[0] = 66;
    this.#view.setInt32(1, this.#at - 1);
    return this.#buffer.subarray(0, this.#at);
  }

  /** Gives the buffer back, once the server has answered the message. */
  release(): void {
    if (kept.length < keptMax && this.#buffer.length <= keptBytesMax) kept.push(this.#buffer);
  }

  get buffer(): Buffer {
    return this.#buffer;
  }

  get view(): DataView {
    return this.#view;
  }

  /** Where the next byte goes; writers of elements move it themselves. */
  get at(): number {
    return this.#at;
  }

  set at(at: number) {
    this.#at = at;
  }

  /** Makes room; `buffer` and `view` may be other ones afterwards. */
  reserve(bytes: number): void {
    if (this.#at + bytes <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(this.#buffer.length * 2, this.#at + bytes));
    this.#buffer.copy(grown, 0, 0, this.#at);
    this.#buffer = grown;
    this.#view = viewOf(grown);
  }

  /** Begins an array parameter; answers the place of its length, for `endArray`. */
  beginArray(elementOid: number, count: number, elementBytes: number): number {
    const start = this.#at;
    this.reserve(lengthBytes + arrayHeaderBytes + count * (lengthBytes + elementBytes));
    const view = this.#view;
    view.setInt32(start + 4, count === 0 ? 0 : 1);
    // Says that there may be nulls, which costs the server nothing.
    view.setInt32(start + 8, 1);
    view.setInt32(start + 12, elementOid);
    view.setInt32(start + 16, count);
    view.setInt32(start + 20, 1);
    this.#at = start + lengthBytes + (count === 0 ? arrayHeaderBytes - 8 : arrayHeaderBytes);
    return start;
  }

  /** Ends the array parameter that began at `start`. */
  endArray(start: number): void {
    this.#view.setInt32(start, this.#at - start - lengthBytes);
  }

  /** Puts a null in the place of the parameter that began at `start`. */
  nullInstead(start: number): void {
    this.#view.setInt32(start, -1);
    this.#at = start + lengthBytes;
  }

  #int16(value: number): void {
    this.#view.setInt16(this.#at, value);
    this.#at += 2;
  }
}

const kept: Buffer[] = [];

/** The smallest kept buffer that is large enough, so that the few large messages share the few large ones. */
function takeBuffer(bytes: number): Buffer {
  let best = -1;
  for (const [index, { length }] of kept.entries()) {
    if (length >= bytes && length < (kept[best]?.length ?? Number.POSITIVE_INFINITY)) best = index;
  }
  const [found] = best < 0 ? [] : kept.splice(best, 1);
  const powerOfTwo = 2 ** Math.ceil(Math.log2(Math.max(bytes, firstBytes)));
  return found ?? Buffer.allocUnsafeSlow(powerOfTwo);
}

const viewOf = (buffer: Buffer): DataView =>
  new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
