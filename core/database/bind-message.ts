import { Buffer } from "node:buffer";

/** Bytes before the elements: dimensions, null flag, element type, length and lower bound. */
const arrayHeaderBytes = 20;
const lengthBytes = 4;
/** The size of the smallest buffer. Larger ones are powers of two. */
const firstBytes = 65_536;
/** Most buffers kept for later messages, as many as there are running statements. */
const keptMax = 16;
/** Larger buffers are not kept. */
const keptBytesMax = 8_388_608;

/**
 * Writes PostgreSQL's Bind message column by column into a reused buffer. The driver's own writer starts each message
 * at 256 bytes and copies it a dozen times as it grows, and needs a buffer per parameter. That was a third of a batch's
 * cost in Node.
 */
export class BindMessage {
  #buffer: Buffer;
  #view: DataView;
  #at = 0;

  /** `bytes` is the expected length of the message. The buffer grows if needed. */
  constructor(bytes: number = firstBytes) {
    this.#buffer = takeBuffer(bytes);
    this.#view = viewOf(this.#buffer);
  }

  /** Starts a message for a prepared statement with binary parameters only. */
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

  /** Ends the message and returns it. It is valid until `release`. Results are requested as text. */
  end(): Buffer {
    this.reserve(4);
    this.#int16(1);
    this.#int16(0);
    this.#buffer[0] = 66;
    this.#view.setInt32(1, this.#at - 1);
    return this.#buffer.subarray(0, this.#at);
  }

  /** Releases the buffer after the server has answered. */
  release(): void {
    if (kept.length < keptMax && this.#buffer.length <= keptBytesMax) kept.push(this.#buffer);
  }

  get buffer(): Buffer {
    return this.#buffer;
  }

  get view(): DataView {
    return this.#view;
  }

  /** The position of the next byte. Writers of elements move it. */
  get at(): number {
    return this.#at;
  }

  set at(at: number) {
    this.#at = at;
  }

  /** Makes room. It may replace `buffer` and `view`. */
  reserve(bytes: number): void {
    if (this.#at + bytes <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(this.#buffer.length * 2, this.#at + bytes));
    this.#buffer.copy(grown, 0, 0, this.#at);
    this.#buffer = grown;
    this.#view = viewOf(grown);
  }

  /** Starts an array parameter. Returns the position of its length, for `endArray`. */
  beginArray(elementOid: number, count: number, elementBytes: number): number {
    const start = this.#at;
    this.reserve(lengthBytes + arrayHeaderBytes + count * (lengthBytes + elementBytes));
    const view = this.#view;
    view.setInt32(start + 4, count === 0 ? 0 : 1);
    // The null flag is always set, which costs the server nothing.
    view.setInt32(start + 8, 1);
    view.setInt32(start + 12, elementOid);
    view.setInt32(start + 16, count);
    view.setInt32(start + 20, 1);
    this.#at = start + lengthBytes + (count === 0 ? arrayHeaderBytes - 8 : arrayHeaderBytes);
    return start;
  }

  /** Ends the array parameter that started at `start`. */
  endArray(start: number): void {
    this.#view.setInt32(start, this.#at - start - lengthBytes);
  }

  /** Replaces the parameter that started at `start` by null. */
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

/** The smallest kept buffer that is large enough, so that large buffers stay free for large messages. */
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
