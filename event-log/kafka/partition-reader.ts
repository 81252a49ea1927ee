/** The records of one partition that were fetched and not yet taken. */

import type { TakenRecords } from "../group/partition-feed.ts";
import { countWithin, type ReadLimits } from "../limit-records.ts";
import type { LogRecord } from "../port.ts";
import type { FetchedRecords } from "./decode-records.ts";

/** One partition being followed; fetching fills it and its reader empties it. */
export interface PartitionReader {
  readonly topic: string;
  readonly topicId: string;
  readonly partition: number;
  /** The offset that the next fetch asks for. */
  next(): bigint;
  /** Whether another fetch may bring more. */
  hasRoom(): boolean;
  /** Whether little waits for its reader, as when it keeps up. */
  isNearlyEmpty(): boolean;
  add(fetched: FetchedRecords): void;
  /** Ends the reading; who takes hears of it once what was fetched is taken. */
  fail(fault: Error): void;
  /** The next records within the limits; waits for them. Undefined once `stopping` aborts. */
  take(limits: ReadLimits, stopping: AbortSignal): Promise<TakenRecords | undefined>;
}

export interface ReaderOptions {
  readonly topic: string;
  readonly topicId: string;
  readonly partition: number;
  readonly from: bigint;
  readonly aheadMaxBytes: number;
  /** Hears that there is room again. */
  readonly onRoom: () => void;
}

/** Below this share of what may be ahead a reader keeps up with what comes. */
const nearlyEmptyShare = 0.05;

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
    isNearlyEmpty: () => bytes < aheadMaxBytes * nearlyEmptyShare,
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
