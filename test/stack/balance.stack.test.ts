import { randomUUID } from "node:crypto";
import { readSettings } from "@tillcast/core";
import { openEventLog } from "@tillcast/event-log";
import { isEven, loadBalance, proofSettings } from "@tillcast/proofs";
import { LEDGER_GROUP, topics } from "@tillcast/schemas";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import "../../core/testing/stack-addresses.ts";
import { startWatch } from "../../proofs/watch/start-watch.ts";
import { startLedgerProcessor } from "../../stream-processors/ledger/ledger-processor.ts";
import { openHarness, type ProcessorHarness } from "../../stream-processors/testing/harness.ts";
import { order } from "../../stream-processors/testing/orders.ts";

let harness: ProcessorHarness;
const newOrders = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    order({ orderId: randomUUID(), locationId: `till-${index % 7}` }),
  );
const balance = () => loadBalance(harness.test.database.service, harness.eventLog);

beforeAll(async () => {
  const { kafkaBrokers, registryUrl } = inject("stack");
  harness = await openHarness((options) =>
    openEventLog({
      ...options,
      applicationName: "balance test",
      settings: {
        EVENT_LOG: "kafka",
        KAFKA_BROKERS: kafkaBrokers,
        SCHEMA_REGISTRY_URL: registryUrl,
        KAFKA_REPLICATION_FACTOR: 1,
        KAFKA_TLS: "off",
      },
    }),
  );
});
afterAll(() => harness.close());

test("on Kafka too the balance is even at every moment, dead letters included, and shows what is passed over", async () => {
  const processor = await startLedgerProcessor(harness.deps);
  const seen = [];
  try {
    for (let round = 0; round < 10; round += 1) {
      await harness.append(newOrders(40));
      seen.push(...(await balance()).partitions);
    }
    await harness.eventLog.append(topics.orders.topic, [
      { key: "till", value: Buffer.from("no order"), isFramed: true },
    ]);
  } finally {
    await processor.stop();
  }
  await harness.settleAll();
  const { partitions } = await balance();
  seen.push(...partitions);
  expect(seen.length).toBeGreaterThan(100);
  expect(seen.filter((one) => !isEven(one))).toEqual([]);
  expect(partitions.some(({ deadLetters }) => deadLetters > 0n)).toBe(true);

  await harness.append(newOrders(20));
  await harness.test.database.service.query(
    "update checkpoint set position = position + 2 where group_name = $1 and topic = $2 and partition = $3",
    [LEDGER_GROUP, topics.orders.topic, (await lagging()).partition],
  );
  const uneven = (await balance()).partitions.filter((one) => !isEven(one));
  expect(uneven).toMatchObject([{ difference: 2n }]);
  const watch = startWatch({ ...harness.deps, settings: readSettings(proofSettings, {}) });
  try {
    await watch.look();
    await watch.look();
    expect(watch.raised()).toContain("orders_do_not_balance");
    expect(await harness.deps.metrics.text()).toMatch(
      /tillcast_log_oldest_unsettled_seconds\{topic="pos.orders.v1",group="ledger"\} (?:0\.\d|[1-9])/,
    );
  } finally {
    await watch.stop();
  }
});

/** A partition in which more than two orders wait. */
async function lagging() {
  const lags = await harness.eventLog.lag(topics.orders.topic, LEDGER_GROUP);
  const found = lags.find(({ lagRecords }) => lagRecords > 2n);
  if (found === undefined) throw new Error("no order waits");
  return found;
}
