/** The fetched records of one partition that its reader has not taken yet. */

import type { TakenRecords } from "../group/batch-reader.ts";
import type { LogRecord } from "../port.ts";
import { countWithin, type ReadLimits } from "../read-limits.ts";
import type { FetchedRecords } from "./decode-records.ts";

/** A buffer for one followed partition. Fetches fill it, and its user takes batches from it. */
export interface PartitionReader {
  readonly topic: string;
  readonly topicId: string;
  readonly partition: number;
  /** The offset of the next fetch. */
  next(): bigint;
  /** Whether the buffer has room for another fetch. */
  hasRoom(): boolean;
  /** Whether the buffer is nearly empty, because its user keeps up. */
  isNearlyEmpty(): boolean;
  add(fetched: FetchedRecords): void;
  /** Stops reading. `take` throws the error after the fetched records are taken. */
  fail(fault: Error): void;
  /** Resolves with the next records within the limits, or with undefined when `stopping` aborts. */
  take(limits: ReadLimits, stopping: AbortSignal): Promise<TakenRecords | undefined>;
}

export interface ReaderOptions {
  readonly topic: string;
  readonly topicId: string;
  readonly partition: number;
  readonly from: bigint;
  readonly aheadMaxBytes: number;
  /** Called when the buffer has room again. */
  readonly onRoom: () => void;
}

/** The buffer is nearly empty below this part of `aheadMaxBytes`. */
const nearlyEmptyPart = 0.05;

/** Makes an empty reader. */
export function makePartitionReader(options: ReaderOptions): PartitionReader {
  const { topic, topicId, partition, aheadMaxBytes } = options;
  let buffer: readonly LogRecord[] = [];
  let bytes = 0;
  let next = options.from;
  let fault: Error | undefined;
  let wake: () => void = () => undefined;

  const hasRoom = () => fault === undefined && bytes < aheadMaxBytes;

  function cut(limits: ReadLimits): TakenRecords {
    const count = countWithin(buffer, limits);
    const records = buffer.slice(0, count);
    buffer = buffer.slice(count);
    const hadRoom = hasRoom();
    for (const { value } of records) bytes -= value.length;
    if (!hadRoom && hasRoom()) options.onRoom();
    return { records, nextPosition: buffer[0]?.offset ?? next };
  }

  function changed(stopping: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        stopping.removeEventListener("abort", done);
        resolve();
      };
      wake = done;
      stopping.addEventListener("abort", done, { once: true });
    });
  }

  return {
    topic,
    topicId,
    partition,
    next: () => next,
    hasRoom,
    isNearlyEmpty: () => bytes < aheadMaxBytes * nearlyEmptyPart,
    add(fetched) {
      next = fetched.next;
      if (fetched.records.length === 0) return;
      for (const { value } of fetched.records) bytes += value.length;
      buffer = buffer.length === 0 ? fetched.records : [...buffer, ...fetched.records];
      wake();
    },
    fail(error) {
      fault = error;
      wake();
    },
    async take(limits, stopping) {
      for (;;) {
        if (stopping.aborted) return undefined;
        if (buffer.length > 0) return cut(limits);
        if (fault !== undefined) throw fault;
        await changed(stopping);
      }
    },
  };
}
