import { readSettings } from "@tillcast/core";
import { enqueueJob, findJob } from "@tillcast/core/work";
import { salesUpdatedCodec, topics } from "@tillcast/schemas";
import { startStreamProcessors } from "@tillcast/stream-processors";
import { currentFold, type Fold } from "@tillcast/stream-processors/ledger";
import {
  line,
  openHarness,
  order,
  type ProcessorHarness,
  storeId,
  tenantId,
} from "@tillcast/stream-processors/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { proofSettings } from "../config.ts";
import { startProofs } from "../main.ts";
import { verifyTables } from "../verify/verify.ts";
import { refoldJobKind } from "./refold-job.ts";

/** The next version's arithmetic: a guest more at every table. */
const nextFold: Fold = {
  revision: currentFold.revision + 1,
  postingsOf: (snapshot) =>
    currentFold.postingsOf({ ...snapshot, guests: (snapshot.guests ?? 0) + 1 }),
};
const orderCount = 1_700;
const place = { tenantId, storeId };

let harness: ProcessorHarness;

beforeAll(async () => {
  harness = await openHarness();
  const { service } = harness.test.database;
  await service.query("insert into tenant (tenant_id, name) values ($1, 'Test')", [tenantId]);
  await service.query(
    "insert into store (store_id, tenant_id, name, time_zone, currency) values ($1, $2, 'Berlin', 'Europe/Berlin', 'EUR')",
    [storeId, tenantId],
  );
  await harness.append(numbered(0, orderCount, 1));
  await harness.settleAll();
});
afterAll(() => harness.close());

const numbered = (from: number, to: number, vendorVersion: number) =>
  Array.from({ length: to - from }, (_, index) =>
    order({
      ...place,
      orderId: `order-${from + index}`,
      locationId: `till-${index % 6}`,
      vendorVersion,
      lines: [line({ net: BigInt(100 * vendorVersion) })],
    }),
  );

/** Settles and refolds with the next version's arithmetic. */
async function startNext(): Promise<{ stop(): Promise<void> }> {
  const settings = readSettings(proofSettings, {});
  const processors = await startStreamProcessors({ ...harness.deps, fold: nextFold });
  const proofs = startProofs({ ...harness.deps, fold: nextFold, settings });
  return {
    stop: async () => {
      await proofs.stop();
      await processors.stop();
    },
  };
}

const verify = (fold: Fold) => verifyTables(harness.test.database.service, () => {}, fold);

async function jobDone(jobId: string): Promise<void> {
  const state = async () => (await findJob(harness.test.database.service, jobId))?.state;
  await expect.poll(state, { timeout: 30_000 }).toBe("done");
}

describe("after a changed fold", () => {
  it("verify tells the orders of the older fold apart from faults", async () => {
    expect(await verify(currentFold)).toMatchObject({ equal: true, olderFold: 0 });
    expect(await verify(nextFold)).toMatchObject({ equal: true, olderFold: orderCount });
  });

  it("refold posts the differences beside live orders, and publishes them", async () => {
    const published: number[] = [];
    const tail = await harness.eventLog.tail({
      topic: topics.sales.topic,
      onRecords: (records) => {
        for (const { value } of records) published.push(salesUpdatedCodec.decode(value).seq);
      },
    });
    const processors = await startNext();
    const { jobId } = await enqueueJob(harness.test.database.service, {
      kind: refoldJobKind,
      dedupeKey: "all",
    });
    // The same orders change while they are refolded.
    await harness.append(numbered(0, 600, 2));
    await jobDone(jobId);
    const lag = () => harness.eventLog.lag(topics.orders.topic, "ledger");
    await expect.poll(async () => (await lag()).every((one) => one.lagRecords === 0n)).toBe(true);
    await processors.stop();
    await tail.close();
    expect(await verify(nextFold)).toMatchObject({ equal: true, olderFold: 0, orders: orderCount });
    const { rows } = await harness.test.database.service.query(
      "select sum(guests)::int as guests, sum(net)::int as net from rollup_day",
    );
    expect(rows).toEqual([{ guests: 3 * orderCount, net: 100 * orderCount + 100 * 600 }]);
    const { rows: sequences } = await harness.test.database.service.query(
      "select seq::int from store_sequence where store_id = $1",
      [storeId],
    );
    expect(published).toContain(sequences[0]?.seq);
  });

  it("refold changes nothing the second time, and no entry stands twice", async () => {
    const entries = async () =>
      (
        await harness.test.database.service.query(
          "select count(*)::int as all, count(distinct entry_id)::int as distinct from ledger_entry",
        )
      ).rows[0];
    const before = await entries();
    expect(before?.all).toBe(before?.distinct);
    const processors = await startNext();
    const { jobId } = await enqueueJob(harness.test.database.service, { kind: refoldJobKind });
    await jobDone(jobId);
    await processors.stop();
    expect(await entries()).toEqual(before);
  });
});
