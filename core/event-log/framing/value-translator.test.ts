import { orderSnapshotCodec, topics } from "@tillcast/schemas";
import { expect, it } from "vitest";
import type { LogRecord } from "../port.ts";
import { makeValueTranslator } from "./value-translator.ts";
import { frame } from "./wire-format.ts";

const foreignId = 7;
const record: LogRecord = {
  partition: 0,
  offset: 3n,
  key: "k",
  value: frame(foreignId, Buffer.from("whatever it holds")),
  headers: {},
  appendedAt: 0,
};

function translatorOf(find: () => Promise<never | undefined>) {
  return makeValueTranslator({
    topic: topics.orders.topic,
    codec: orderSnapshotCodec,
    registry: { register: async () => 1, find },
    hasTurned: async () => true,
  });
}

it("blames no record while the registry cannot be asked, so that it is tried again", async () => {
  const cut = new Error("the connection broke in the middle of the answer");
  const translator = translatorOf(async () => {
    throw cut;
  });
  await expect(translator.fromLog(record)).rejects.toBe(cut);
});

it("blames a record whose schema nobody registered, for good", async () => {
  const translator = translatorOf(async () => undefined);
  await expect(translator.fromLog(record)).rejects.toMatchObject({
    code: "undecodable",
    deterministic: true,
  });
});
