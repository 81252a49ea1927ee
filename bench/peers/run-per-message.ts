/**
 * Reads the order topic with a consumer group and settles each message in a transaction of its own, one
 * after the other within a partition; commits an offset after the transaction. A redelivery changes
 * nothing, since the head's version tells it.
 */
import { once } from "node:events";
import { env } from "node:process";
import { setTimeout } from "node:timers/promises";
import { Consumer, type Message } from "@platformatic/kafka";
import { orderSnapshotCodec, topics, WINDOW_MS, windowStartOf } from "@tillcast/schemas";
import pg from "pg";

const partitions = topics.orders.partitions;
const pool = new pg.Pool({ connectionString: process.argv[2], max: partitions });
const headerBytes = 5;

const selectHead = {
  name: "select-head",
  text: "select * from peer_single.order_head where order_id = $1 for update",
};
const saveHead = {
  name: "save-head",
  text: `insert into peer_single.order_head values ($1, $2, $3, $4, $5, $6, $7)
    on conflict (order_id) do update set version = excluded.version, store_id = excluded.store_id,
    channel = excluded.channel, window_start = excluded.window_start, net = excluded.net,
    counted = excluded.counted`,
};
const addToRollup = {
  name: "add-to-rollup",
  text: `insert into peer_single.rollup values ($1, $2, $3, $4, $5)
    on conflict (store_id, channel, window_start) do update
    set net = rollup.net + excluded.net, orders = rollup.orders + excluded.orders`,
};

async function settle({ value }: Message): Promise<void> {
  const order = orderSnapshotCodec.decode(value.subarray(headerBytes));
  const { storeId, channel, orderId, status, paidAt, totals } = order;
  const version = order.version.vendorVersion;
  const windowStart = windowStartOf(paidAt ?? 0, WINDOW_MS);
  const counted = status === "closed" && paidAt !== null;
  const client = await pool.connect();
  try {
    await client.query("begin");
    const { rows } = await client.query({ ...selectHead, values: [orderId] });
    const [head] = rows;
    if (head === undefined || Number(head.version) < version) {
      if (head?.counted) {
        const before = [head.store_id, head.channel, head.window_start, -Number(head.net), -1];
        await client.query({ ...addToRollup, values: before });
      }
      const row = [storeId, channel, windowStart, totals.net, 1];
      if (counted) await client.query({ ...addToRollup, values: row });
      const values = [orderId, version, storeId, channel, windowStart, totals.net, counted];
      await client.query({ ...saveHead, values });
    }
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    throw error;
  } finally {
    client.release();
  }
}

const consumer = new Consumer({
  clientId: "peer-single",
  bootstrapBrokers: (env.KAFKA_BROKERS ?? "").split(","),
  groupId: env.GROUP ?? "",
  sessionTimeout: 10_000,
  heartbeatInterval: 1_000,
});
const stream = await consumer.consume({
  topics: [topics.orders.topic],
  mode: "committed",
  fallbackMode: "earliest",
  autocommit: false,
  maxWaitTime: 50,
});

/** The last message under way in each partition; fetches bring one partition's after another's. */
const lanes = new Map<number, Promise<void>>();
/** Messages kept in memory, so that every partition has some. */
const waitingMaxCount = 20_000;
const pauseMs = 5;
let waiting = 0;

async function run(): Promise<void> {
  for await (const message of stream) {
    const before = lanes.get(message.partition) ?? Promise.resolve();
    waiting += 1;
    const after = before.then(async () => {
      await settle(message);
      await message.commit();
      waiting -= 1;
    });
    after.catch((error) => {
      console.error(error);
      process.exit(1);
    });
    lanes.set(message.partition, after);
    while (waiting >= waitingMaxCount) await setTimeout(pauseMs);
  }
}

void run();
process.send?.("ready");
await once(process, "disconnect");
process.exit(0);
