import { channelNumber, makeAvroCodec, named, orderChannels } from "@tillcast/schemas";
import { expect, it } from "vitest";
import { z } from "zod";
import { entryDifferences } from "./difference.ts";
import { type Posted, PostedV1, postedCodec } from "./posted.ts";
import { rollupChanges } from "./rollup-changes.ts";

const posted = (channel: number): Posted => ({
  storeId: "01990000-0000-7000-8000-0000000000a1",
  channel,
  currency: "EUR",
  entries: [
    { countedAt: 900_000, businessDate: "2026-11-21", hourStart: 0, occurredAt: 1, values: [5n] },
  ],
  items: [],
  tenders: [],
  open: null,
});

/** The shape of releases that kept the channel's word: an enum of the same list. */
const withWord = makeAvroCodec(
  named("PostedV1", PostedV1.extend({ channel: named("PostedChannel", z.enum(orderChannels)) })),
);

it.each(orderChannels)("has the bytes that older releases write and read, for %s", (channel) => {
  const bytes = postedCodec.encode(posted(channelNumber(channel)));
  expect(withWord.decode(bytes)).toEqual({ ...posted(0), channel });
  expect(withWord.encode({ ...posted(0), channel })).toEqual(bytes);
});

it("takes back from its own row what was posted under a channel that this release does not know", () => {
  const unknown = postedCodec.decode(postedCodec.encode(posted(orderChannels.length + 3)));
  const changes = entryDifferences(unknown, posted(channelNumber("other")));
  expect(changes.map(({ place, entry }) => [place.channel, entry.values[0]])).toEqual([
    [orderChannels.length + 3, -5n],
    [channelNumber("other"), 5n],
  ]);
  const { days } = rollupChanges({ added: [posted(channelNumber("other"))], takenBack: [unknown] });
  expect(days.map(({ channel, values }) => [channel, values[0]]).toSorted()).toEqual(
    [
      [orderChannels.length + 3, -5n],
      [channelNumber("other"), 5n],
    ].toSorted(),
  );
});
