import { topics } from "@tillcast/schemas";
import { describe, expect, it } from "vitest";
import { describeLate } from "./late-orders.ts";
import type { PartitionLag } from "./load-lags.ts";

const now = 1_000_000;
const lag = (change: Partial<PartitionLag>): PartitionLag => ({
  group: "ledger",
  topic: topics.orders.topic,
  partition: 0,
  lagRecords: 4,
  oldestAt: now - 90_000,
  ...change,
});

describe("late orders", () => {
  it("are told by the age of the oldest, however many wait", () => {
    const many = lag({ lagRecords: 5_000_000, oldestAt: now - 1_000 });
    expect(describeLate([many], now, 60_000)).toBeUndefined();
    expect(
      describeLate([lag({}), lag({ partition: 2, oldestAt: now - 200_000 })], now, 60_000),
    ).toBe("8 records wait for ledger in 2 partitions, the oldest for 200 s in pos.orders.v1/2");
  });

  it("are not those of history, which gives way, nor any where nothing waits", () => {
    const history = lag({ topic: topics.ordersBackfill.topic });
    expect(
      describeLate([history, lag({ lagRecords: 0, oldestAt: null })], now, 60_000),
    ).toBeUndefined();
  });
});
