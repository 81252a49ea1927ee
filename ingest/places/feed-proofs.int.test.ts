import { randomUUID } from "node:crypto";
import { Writable } from "node:stream";
import { makeLogger } from "@tillcast/core";
import { createTestDatabase, type TestDatabase } from "@tillcast/core/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { unknownClock } from "../orders/till-clock.ts";
import { addTenant } from "../testing/ingest-harness.ts";
import { type FeedProof, makeFeedProofs } from "./feed-proofs.ts";

const FEEDS = 300;
const receivedAt = Date.parse("2026-11-20T11:00:00Z");

let installed: TestDatabase;
let tenantId: string;
const warnings: string[] = [];
const log = makeLogger({
  level: "warn",
  name: "proofs",
  destination: new Writable({
    write(chunk, _, done) {
      warnings.push(String(chunk));
      done();
    },
  }),
});

beforeAll(async () => {
  installed = await createTestDatabase();
  ({ tenantId } = await addTenant(installed.database));
  await installed.database.service.query(
    `insert into feed (tenant_id, source, account_id, location_id)
     select $1, 'push', 'default', 'till-' || n from generate_series(0, $2::int) as n`,
    [tenantId, FEEDS],
  );
});
afterAll(() => installed.drop());

const proofOf = (locationId: string, change: Partial<FeedProof> = {}): FeedProof => ({
  tenantId,
  feed: { source: "push", accountId: "default", locationId },
  proofAt: receivedAt,
  eventAt: receivedAt,
  watermark: receivedAt,
  isHeartbeat: false,
  clock: unknownClock,
  ...change,
});

describe("proofs of life", () => {
  test("are written by two processes that saw the same feeds in opposite orders", async () => {
    const [one, other] = [
      makeFeedProofs(installed.database, log),
      makeFeedProofs(installed.database, log),
    ];
    for (let round = 0; round < 20; round += 1) {
      for (let at = 0; at < FEEDS; at += 1) {
        one.saw(proofOf(`till-${at}`, { proofAt: receivedAt + round }));
        other.saw(proofOf(`till-${FEEDS - 1 - at}`, { proofAt: receivedAt + round }));
      }
      await Promise.all([one.flush(), other.flush()]);
    }
    await Promise.all([one.close(), other.close()]);
    expect(warnings).toEqual([]);
    const { rows } = await installed.database.service.query(
      "select distinct last_proof_at from feed where location_id <> $1",
      [`till-${FEEDS}`],
    );
    expect(rows).toEqual([{ last_proof_at: new Date(receivedAt + 19) }]);
  });

  test("mark a clock that is ahead until something is done after that was seen", async () => {
    const proofs = makeFeedProofs(installed.database, log);
    const till = `till-${FEEDS}`;
    const seen = async (change: Partial<FeedProof>) => {
      proofs.saw(proofOf(till, change));
      await proofs.flush();
      const { rows } = await installed.database.service.query(
        "select clock_ahead_ms::int as ms, clock_ahead_at as at from feed where location_id = $1",
        [till],
      );
      return rows[0];
    };
    const ahead = { ms: 7_200_000, at: new Date(receivedAt) };
    expect(await seen({ clock: { aheadMs: 7_200_000, doneAt: null } })).toEqual(ahead);
    expect(await seen({ clock: unknownClock })).toEqual(ahead);
    const yesterday = { aheadMs: null, doneAt: receivedAt - 86_400_000 };
    expect(await seen({ clock: yesterday, proofAt: receivedAt + 1_000 })).toEqual(ahead);
    const right = { aheadMs: null, doneAt: receivedAt + 60_000 };
    expect(await seen({ clock: right, proofAt: receivedAt + 61_000 })).toEqual({
      ms: null,
      at: null,
    });
    await proofs.close();
  });
});

test("proofs of one flush are kept together, and a clock seen ahead in any of them counts", async () => {
  const proofs = makeFeedProofs(installed.database, log);
  const id = randomUUID();
  await installed.database.service.query(
    "insert into feed (tenant_id, source, account_id, location_id) values ($1, 'push', 'default', $2)",
    [tenantId, id],
  );
  proofs.saw(proofOf(id, { clock: { aheadMs: 900_000, doneAt: null } }));
  proofs.saw(proofOf(id, { isHeartbeat: true, eventAt: null }));
  await proofs.close();
  const { rows } = await installed.database.service.query(
    "select clock_ahead_ms::int as ms, expects_heartbeat, last_event_at from feed where location_id = $1",
    [id],
  );
  expect(rows).toEqual([
    { ms: 900_000, expects_heartbeat: true, last_event_at: new Date(receivedAt) },
  ]);
});
