import { orderChannels, type SalesUpdated } from "@tillcast/schemas";
import { expect, it } from "vitest";
import { isKnownGrain, showable } from "./to-live.ts";

const updateWith = (channelNumber: number | null): SalesUpdated => ({
  ...{ tenantId: "t", storeId: "s", epoch: 1, prevSeq: 4, seq: 5, daysChanged: [], receivedAt: 9 },
  versions: null,
  windows: [
    {
      ...{ businessDate: "2026-11-21", start: 0, channel: "other", currency: "EUR", values: [7n] },
      channelNumber,
    },
  ],
  open: [{ currency: "EUR", amount: 1n, orders: 1 }],
});

it("hands on an update whose channels are known, or that does not say their numbers", () => {
  for (const channelNumber of [null, 0, orderChannels.length - 1]) {
    expect(showable(updateWith(channelNumber))).toEqual(updateWith(channelNumber));
  }
});

it("says only where the store is where a channel is not known, so that its windows replace none of other's", () => {
  expect(showable(updateWith(orderChannels.length))).toEqual({
    ...updateWith(null),
    ...{ prevSeq: 5, windows: [], open: [] },
  });
});

it("shows forecasts of the grains that it knows", () => {
  expect(["15m", "hour", "day", "week"].map(isKnownGrain)).toEqual([true, true, true, false]);
});
