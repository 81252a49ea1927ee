import { makeAvroCodec, named, orderSnapshotCodec, topics } from "@tillcast/schemas";
import { expect, it } from "vitest";
import { z } from "zod";
import type { LogRecord } from "../port.ts";
import type { RegisteredSchema } from "./schema-registry.ts";
import { makeValueTranslator, type TranslatorOptions } from "./value-translator.ts";
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

function translatorOf(
  find: () => Promise<RegisteredSchema | undefined>,
  options: Partial<TranslatorOptions> = {},
) {
  return makeValueTranslator({
    topic: topics.orders.topic,
    codec: orderSnapshotCodec,
    registry: { register: async () => 1, find },
    hasTurned: async () => true,
    ...options,
  });
}

it("blames no record while the registry cannot be asked, so that it is tried again", async () => {
  const cut = new Error("the connection broke in the middle of the answer");
  const translator = translatorOf(async () => {
    throw cut;
  });
  await expect(translator.fromLog(record)).rejects.toBe(cut);
});

it("blames a record of others whose schema nobody registered, for good", async () => {
  const translator = translatorOf(async () => undefined, { isForeign: true });
  await expect(translator.fromLog(record)).rejects.toMatchObject({
    code: "undecodable",
    deterministic: true,
  });
});

it("does not write again as text what its writer's bytes do not hold as UTF-8", async () => {
  const note = { id: z.string(), text: z.string() };
  const codec = makeAvroCodec(named("Note", z.object(note)));
  const writer = makeAvroCodec(named("Note", z.object({ ...note, more: z.string() })));
  const { fingerprint, schema } = writer;
  const translator = translatorOf(async () => ({ fingerprint, schema }), { codec });
  const read = (bytes: Buffer) => translator.fromLog({ ...record, value: frame(foreignId, bytes) });
  const meant = writer.encode({ id: "a", text: "lost\uFFFD", more: "" });
  expect(codec.decode((await read(meant)).value)).toEqual({ id: "a", text: "lost\uFFFD" });
  const latin1 = writer.encode({ id: "caf@", text: "", more: "" });
  latin1[latin1.indexOf("@")] = 0xe9;
  await expect(read(latin1)).rejects.toMatchObject({
    code: "undecodable",
    message: expect.stringContaining("not UTF-8"),
  });
});
it("makes a record of ours wait for a schema that nobody registered yet", async () => {
  const translator = translatorOf(async () => undefined);
  await expect(translator.fromLog(record)).rejects.toMatchObject({
    code: "schemaMissing",
    deterministic: false,
    message: `Records of ${topics.orders.topic} wait: nobody has registered schema 7; see docs/runbook.md.`,
  });
});

it.each([true, false])(
  "makes a record wait whose registered schema cannot be read (of others: %s)",
  async (isForeign) => {
    const source = { type: "enum", name: "OrderSource", symbols: ["telepathy"] };
    const fields = [{ name: "source", type: source }];
    const schema = { type: "record", name: "OrderSnapshotV1", namespace: "tillcast", fields };
    const translator = translatorOf(
      async () => ({ fingerprint: Buffer.alloc(8), schema: schema as RegisteredSchema["schema"] }),
      { isForeign },
    );
    await expect(translator.fromLog(record)).rejects.toMatchObject({
      code: "schemaUnreadable",
      deterministic: false,
    });
  },
);

it("blames no record for a process that ran out of memory or stack", async () => {
  const exhausted = new RangeError("Array buffer allocation failed");
  const codec = {
    ...orderSnapshotCodec,
    decoderFor: () => () => {
      throw exhausted;
    },
  };
  const translator = translatorOf(
    async () => ({ fingerprint: Buffer.alloc(8), schema: orderSnapshotCodec.schema }),
    { codec },
  );
  await expect(translator.fromLog(record)).rejects.toBe(exhausted);
});
