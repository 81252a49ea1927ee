import { randomUUID } from "node:crypto";
import { inTransaction } from "@tillcast/core/database";
import { createTestDatabase, type TestDatabase } from "@tillcast/core/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { advanceCheckpoints, lockCheckpoints } from "./checkpoint.ts";

let given: TestDatabase;
beforeAll(async () => {
  given = await createTestDatabase();
});
afterAll(() => given.drop());

const newPlace = () => ({ group: randomUUID(), topic: "orders", topicId: randomUUID() });
type Place = ReturnType<typeof newPlace>;

const positionsOf = (place: Place, partitions: readonly number[]) =>
  inTransaction(given.database.service, (tx) => lockCheckpoints(tx, place, partitions));

const move = (place: Place, steps: Parameters<typeof advanceCheckpoints>[2]) =>
  inTransaction(given.database.service, (tx) => advanceCheckpoints(tx, place, steps));

test("checkpoints of several partitions begin at 0 and move together", async () => {
  const place = newPlace();
  expect(await positionsOf(place, [5, 2])).toEqual(
    new Map([
      [5, 0n],
      [2, 0n],
    ]),
  );
  await move(place, [
    { partition: 2, from: 0n, to: 7n, settledRecords: 7 },
    { partition: 5, from: 0n, to: 3n, settledRecords: 2 },
  ]);
  expect(await positionsOf(place, [2, 5, 6])).toEqual(
    new Map([
      [2, 7n],
      [5, 3n],
      [6, 0n],
    ]),
  );
  const { rows } = await given.database.service.query(
    "select partition, settled_records::int as settled from checkpoint where group_name = $1 order by 1",
    [place.group],
  );
  expect(rows).toEqual([
    { partition: 2, settled: 7 },
    { partition: 5, settled: 2 },
    { partition: 6, settled: 0 },
  ]);
});

test("one checkpoint that stands elsewhere moves none, and is named", async () => {
  const place = newPlace();
  await positionsOf(place, [0, 1]);
  await move(place, [{ partition: 1, from: 0n, to: 4n }]);
  const steps = [
    { partition: 0, from: 0n, to: 9n },
    { partition: 1, from: 0n, to: 9n },
  ];
  const moved = { code: "checkpointMoved", fields: expect.objectContaining({ partition: 1 }) };
  await expect(move(place, steps)).rejects.toMatchObject(moved);
  expect(await positionsOf(place, [0, 1])).toEqual(
    new Map([
      [0, 0n],
      [1, 4n],
    ]),
  );
  const expected = new Map(steps.map(({ partition, from }) => [partition, from]));
  await expect(
    inTransaction(given.database.service, (tx) => lockCheckpoints(tx, place, [0, 1], expected)),
  ).rejects.toMatchObject(moved);
});

test("a topic that was made anew is no longer the checkpoint's", async () => {
  const place = newPlace();
  await positionsOf(place, [0]);
  await expect(positionsOf({ ...place, topicId: randomUUID() }, [0])).rejects.toMatchObject({
    code: "topicChanged",
  });
});
