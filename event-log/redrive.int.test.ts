import { makeManualClock, makeMetrics, silentLogger } from "@tillcast/core";
import { createTestDatabase, type TestDatabase } from "@tillcast/core/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { listDeadLetters, placeOf, saveDeadLetter } from "./dead-letters.ts";
import type { EventLog } from "./port.ts";
import { openPostgresLog } from "./postgres/postgres-log.ts";
import { redriveDeadLetters } from "./redrive.ts";
import { makeTopic, readAll } from "./testing/contract/harness.ts";

let test: TestDatabase;
let eventLog: EventLog;
const clock = makeManualClock(Date.UTC(2026, 10, 27, 12));
beforeAll(async () => {
  test = await createTestDatabase();
  const pool = test.database.service;
  const metrics = makeMetrics();
  eventLog = await openPostgresLog({ pool, url: test.url, log: silentLogger, metrics });
});
afterAll(async () => {
  await eventLog.close();
  await test.drop();
});

it("a dead letter is sent again as it was, once for all its groups, and says by whom", async () => {
  const pool = test.database.service;
  const topic = await makeTopic(eventLog, 1);
  const topicId = await eventLog.topicId(topic);
  const headers = { traceparent: "00-1" };
  const values = ["first", "second"].map((text) => Buffer.from(text));
  await eventLog.append(
    topic,
    values.map((value) => ({ key: "k", value, headers })),
  );
  const [first, second] = await readAll(eventLog, topic);
  if (first === undefined || second === undefined) throw new Error("nothing was appended");
  const client = await pool.connect();
  const cause = { topic, topicId, reason: "no currency", at: clock.now() };
  await saveDeadLetter(client, first, { ...cause, group: "ledger" });
  await saveDeadLetter(client, first, { ...cause, group: "archive" });
  await saveDeadLetter(client, second, { ...cause, group: "ledger" });
  client.release();

  const place = placeOf({ topic, ...first });
  expect(place).toBe(`${topic}/0/0`);
  const chosen = await listDeadLetters(pool, { places: [place], maxCount: 10 });
  expect(chosen.map(({ group }) => group)).toEqual(["archive", "ledger"]);
  expect(await redriveDeadLetters({ pool, eventLog, clock }, chosen, "ana")).toBe(1);

  const records = await readAll(eventLog, topic);
  expect(records).toHaveLength(3);
  expect(records[2]).toMatchObject({
    key: "k",
    value: first.value,
    headers: { ...headers, "redriven-from": place },
  });
  const waiting = await listDeadLetters(pool, { topic, maxCount: 10 });
  expect(waiting.map(placeOf)).toEqual([placeOf({ topic, ...second })]);
  const all = await listDeadLetters(pool, {
    topic,
    group: "ledger",
    withRedriven: true,
    maxCount: 10,
  });
  expect(all[0]).toMatchObject({ offset: 0n, redrivenAt: clock.now(), redrivenBy: "ana" });
  expect(all[1]).toMatchObject({ offset: 1n, redrivenAt: null, redrivenBy: null });
});
