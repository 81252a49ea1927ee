import { type Metrics, makeMetrics, silentLogger } from "@tillcast/core";
import { createTestDatabase, type TestDatabase } from "@tillcast/core/testing";
import { int, makeAvroCodec, named } from "@tillcast/schemas";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { listDeadLetters } from "../dead-letters.ts";
import type { EventLog, LogRecord } from "../port.ts";
import { openPostgresLog } from "../postgres/postgres-log.ts";
import { eventually, makeRecorder, makeTopic, smallLimits } from "../testing/contract/harness.ts";
import { withSchemaIds } from "./log-with-schema-ids.ts";
import { makeTableRegistry, unframedSchema } from "./table-registry.ts";
import { laterNotes as newer, firstNotes as older } from "./testing/notes.ts";
import { frame, payloadOf, readFrame } from "./wire-format.ts";

const other = makeAvroCodec(named("Bell", z.object({ tone: int })));

describe("a log with framed values", () => {
  let test: TestDatabase;
  let plain: EventLog;
  let oldRelease: EventLog;
  let newRelease: EventLog;
  /** Others than we write to its topics. */
  let foreign: EventLog;
  let metrics: Metrics;

  /** Stopped partitions of a topic by what stopped them. */
  async function stopped(topic: string): Promise<Record<string, number>> {
    const line =
      /^event_log_stopped_partitions\{topic="(.*)",group="g",code="(.*)"\} ([1-9]\d*)$/gm;
    const found = [...(await metrics.text()).matchAll(line)].filter(([, name]) => name === topic);
    return Object.fromEntries(found.map(([, , code, count]) => [code, Number(count)]));
  }

  beforeAll(async () => {
    test = await createTestDatabase();
    const log = silentLogger;
    const shared = { pool: test.database.service, url: test.url, log, metrics: makeMetrics() };
    const limits = { assignIntervalMs: 100, schemaWaitMs: 500, stoppedRecheckMs: 200 };
    metrics = shared.metrics;
    plain = await openPostgresLog({ ...shared, limits });
    const registry = makeTableRegistry(test.database.service);
    const first = unframedSchema(test.database.service, older.fingerprint);
    const hasTurned = async () => true;
    const framed = { registry, unframedOf: () => first, hasTurned, log };
    oldRelease = withSchemaIds(plain, { ...framed, codecOf: () => older });
    newRelease = withSchemaIds(plain, { ...framed, codecOf: () => newer });
    foreign = withSchemaIds(plain, { ...framed, codecOf: () => newer, isForeign: () => true });
  });
  afterAll(async () => {
    await plain?.close();
    await test?.drop();
  });

  const note = (text: string) => ({ key: "k", value: older.encode({ text }) });
  const textsOf = (records: readonly LogRecord[]) =>
    records.map(({ value }) => newer.decode(value));

  it("gives a newer release what an older one wrote, before and after values had frames", async () => {
    const topic = await makeTopic(newRelease, 1);
    await plain.append(topic, [note("unframed")]);
    await oldRelease.append(topic, [note("old")]);
    await newRelease.append(topic, [{ key: "k", value: newer.encode({ text: "new", stars: 5 }) }]);
    const wanted = { topic, partition: 0, from: 0n, maxCount: 10, maxBytes: 10_000 };
    const expected = [
      { text: "unframed", stars: null },
      { text: "old", stars: null },
      { text: "new", stars: 5 },
    ];
    expect(textsOf(await newRelease.read(wanted))).toEqual(expected);
    // The first schema's values stay as a release before framing reads them.
    const raw = await plain.read(wanted);
    expect(raw.map(({ value }) => readFrame(value)?.schemaId !== undefined)).toEqual([
      false,
      false,
      true,
    ]);
    const [unframed] = await oldRelease.read(wanted);
    expect(unframed && older.decode(unframed.value)).toEqual({ text: "unframed" });
  });

  it("lets an older release read what a newer one writes, while both run", async () => {
    const topic = await makeTopic(oldRelease, 1);
    const seen: LogRecord[] = [];
    const tail = await oldRelease.tail({
      topic,
      onRecords: (records) => void seen.push(...records),
    });
    await newRelease.append(topic, [
      { key: "k", value: newer.encode({ text: "from tomorrow", stars: 1 }) },
    ]);
    await oldRelease.append(topic, [note("from today")]);
    await eventually(() => expect(seen).toHaveLength(2));
    expect(seen.map(({ value }) => older.decode(value).text)).toEqual([
      "from tomorrow",
      "from today",
    ]);
    await tail.close();
  });

  const subscribeTo = (log: EventLog, topic: string, group: string) => {
    const recorder = makeRecorder(test.database.service, group);
    const member = log.subscribe({ topic, group, limits: smallLimits, ...recorder });
    return { recorder, member };
  };
  const lettersOf = (topic: string) =>
    listDeadLetters(test.database.service, { topic, maxCount: 9 });

  it("sets aside a record of others that names no known schema, and settles the rest", async () => {
    const topic = await makeTopic(foreign, 1);
    const poison = [frame(999_999, Buffer.from("x")), frame(888_888, Buffer.alloc(0))];
    const values = [note("a").value, poison[0], note("b").value, poison[1]];
    for (const value of values) {
      const isFramed = poison.includes(value as Buffer);
      const log = isFramed ? foreign : oldRelease;
      await log.append(topic, [{ key: "k", value: value as Buffer, isFramed }]);
    }
    const { recorder, member } = subscribeTo(foreign, topic, "g");
    await eventually(async () => {
      const lag = await foreign.lag(topic, "g");
      expect(lag[0]?.lagRecords).toBe(0n);
    });
    expect(textsOf(recorder.settled).map(({ text }) => text)).toEqual(["a", "b"]);
    const letters = await lettersOf(topic);
    expect(letters.map(({ value }) => value)).toEqual(poison);
    expect(letters[0]?.reason).toContain("schema 999999 is not registered");
    expect(letters.every(({ reason }) => reason.startsWith("undecodable: "))).toBe(true);
    await (await member).close();
  });

  it("lets a record of ours wait for its schema, settles what lies before it, and then the rest", async () => {
    const topic = await makeTopic(newRelease, 1);
    const id = 777_777;
    await oldRelease.append(topic, [note("a"), note("b")]);
    const late = frame(id, newer.encode({ text: "late", stars: 2 }));
    await newRelease.append(topic, [{ key: "k", value: late, isFramed: true }]);
    await oldRelease.append(topic, [note("c")]);
    const { recorder, member } = subscribeTo(newRelease, topic, "g");
    await eventually(async () => {
      expect(textsOf(recorder.settled).map(({ text }) => text)).toEqual(["a", "b"]);
      expect(await stopped(topic)).toEqual({ schemaMissing: 1 });
    });
    expect(await lettersOf(topic)).toEqual([]);
    await test.database.service.query(
      `insert into avro_schema (fingerprint, schema, schema_id) overriding system value
       values ($1, $2, $3)`,
      [Buffer.from("lateness"), JSON.stringify(newer.schema), id],
    );
    await eventually(async () => {
      expect(textsOf(recorder.settled)).toEqual(
        ["a", "b", "late", "c"].map((text) => ({ text, stars: text === "late" ? 2 : null })),
      );
      expect(await stopped(topic)).toEqual({});
    });
    await (await member).close();
  });

  it("lets a record wait whose schema is registered and cannot be read, and sets nothing aside", async () => {
    const topic = await makeTopic(newRelease, 1);
    const bells = makeTableRegistry(test.database.service);
    const bell = frame(await bells.register(topic, other), other.encode({ tone: 3 }));
    await oldRelease.append(topic, [note("a")]);
    await newRelease.append(topic, [{ key: "k", value: bell, isFramed: true }]);
    const { recorder, member } = subscribeTo(newRelease, topic, "g");
    await eventually(async () => expect(await stopped(topic)).toEqual({ schemaUnreadable: 1 }));
    expect(textsOf(recorder.settled).map(({ text }) => text)).toEqual(["a"]);
    expect((await newRelease.lag(topic, "g"))[0]?.lagRecords).toBe(1n);
    expect(await lettersOf(topic)).toEqual([]);
    await (await member).close();
    expect(await stopped(topic)).toEqual({});
  });

  it("gives who keeps values their bytes as they were written, with what wrote them", async () => {
    const topic = await makeTopic(newRelease, 1);
    await oldRelease.append(topic, [note("old")]);
    await newRelease.append(topic, [{ key: "k", value: newer.encode({ text: "new", stars: 1 }) }]);
    const wanted = { topic, partition: 0, from: 0n, maxCount: 9, maxBytes: 9_999 };
    const read = await newRelease.read({ ...wanted, asWritten: true });
    expect(read.map(({ value }) => value)).toEqual([
      older.encode({ text: "old" }),
      newer.encode({ text: "new", stars: 1 }),
    ]);
    expect(read.map(({ schema }) => schema?.fingerprint)).toEqual([
      older.fingerprint,
      newer.fingerprint,
    ]);
    expect(read.map(({ value, schema }) => schema?.decode(value))).toEqual([
      { text: "old", stars: null },
      { text: "new", stars: 1 },
    ]);
  });

  it("appends a record once more as it lay in the log", async () => {
    const topic = await makeTopic(newRelease, 1);
    await oldRelease.append(topic, [note("again")]);
    const wanted = { topic, partition: 0, from: 0n, maxCount: 10, maxBytes: 10_000 };
    const [raw] = await plain.read(wanted);
    await newRelease.append(topic, [{ key: "k", value: raw?.value as Buffer, isFramed: true }]);
    const read = await newRelease.read(wanted);
    expect(textsOf(read).map(({ text }) => text)).toEqual(["again", "again"]);
    expect(older.decode(payloadOf(raw?.value as Buffer))).toEqual({ text: "again" });
  });
});
