import { int, makeAvroCodec, named } from "@tillcast/schemas";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { silentLogger } from "../../logging.ts";
import { makeMetrics } from "../../telemetry.ts";
import { createTestDatabase, type TestDatabase } from "../../testing/database.ts";
import { eventually, makeRecorder, makeTopic, smallLimits } from "../contract/harness.ts";
import { listDeadLetters } from "../dead-letters.ts";
import type { EventLog, LogRecord } from "../port.ts";
import { openPostgresLog } from "../postgres/postgres-log.ts";
import { frameLog } from "./framed-log.ts";
import { makeTableRegistry, unframedSchema } from "./table-registry.ts";
import { laterNotes as newer, firstNotes as older } from "./testing/notes.ts";
import { frame, payloadOf, readFrame } from "./wire-format.ts";

const other = makeAvroCodec(named("Bell", z.object({ tone: int })));

describe("a log with framed values", () => {
  let test: TestDatabase;
  let plain: EventLog;
  let oldRelease: EventLog;
  let newRelease: EventLog;

  beforeAll(async () => {
    test = await createTestDatabase();
    const log = silentLogger;
    const shared = { pool: test.database.service, url: test.url, log, metrics: makeMetrics() };
    plain = await openPostgresLog({ ...shared, limits: { shareIntervalMs: 100 } });
    const registry = makeTableRegistry(test.database.service);
    const first = unframedSchema(test.database.service, older.fingerprint);
    const hasTurned = async () => true;
    const framed = { registry, unframedOf: () => first, hasTurned, log };
    oldRelease = frameLog(plain, { ...framed, codecOf: () => older });
    newRelease = frameLog(plain, { ...framed, codecOf: () => newer });
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

  it("sets aside what names no known schema or one that cannot be read, and settles the rest", async () => {
    const topic = await makeTopic(newRelease, 1);
    const foreign = await makeTableRegistry(test.database.service).register(topic, other);
    const poison = [
      frame(999_999, Buffer.from("x")),
      frame(foreign, other.encode({ tone: 3 })),
      frame(foreign + 1, Buffer.alloc(0)),
    ];
    const values = [note("a").value, poison[0], note("b").value, poison[1], poison[2]];
    for (const value of values) {
      const isFramed = poison.includes(value as Buffer);
      await oldRelease.append(topic, [{ key: "k", value: value as Buffer, isFramed }]);
    }
    const recorder = makeRecorder(test.database.service, "g");
    const member = await newRelease.subscribe({
      topic,
      group: "g",
      limits: smallLimits,
      ...recorder,
    });
    await eventually(async () => {
      const lag = await newRelease.lag(topic, "g");
      expect(lag[0]?.lagRecords).toBe(0n);
    });
    expect(textsOf(recorder.settled).map(({ text }) => text)).toEqual(["a", "b"]);
    const letters = await listDeadLetters(test.database.service, {
      topic,
      group: "g",
      maxCount: 9,
    });
    expect(letters.map(({ value }) => value)).toEqual(poison);
    expect(letters[0]?.reason).toContain("schema 999999 is not registered");
    expect(letters.every(({ reason }) => reason.startsWith("undecodable: "))).toBe(true);
    await member.close();
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
