import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openScope, silentLogger } from "@tillcast/core";
import {
  migrate,
  migrationFolder,
  openDatabase,
  startEmbeddedPostgres,
} from "@tillcast/core/database";
import { type StreamingReplica, startStreamingReplica } from "@tillcast/core/testing";
import {
  type ClientToServer,
  feedChangedCodec,
  type LiveSnapshot,
  type ServerToClient,
  salesUpdatedCodec,
  topics,
} from "@tillcast/schemas";
import { io, type Socket } from "socket.io-client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GatewayHarness, harnessNow, openGatewayHarness } from "../testing/harness.ts";
import { addTenant, addUser } from "../testing/people.ts";
import { addStore, postSale, type TestStore } from "../testing/sales.ts";

const scope = openScope();
let replica: StreamingReplica;
let harness: GatewayHarness;
let store: TestStore;
let cookie: string;
let address: string;

beforeAll(async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "tillcast-primary-"));
  scope.defer(() => rm(dataDir, { recursive: true, force: true }));
  const server = await startEmbeddedPostgres({ dataDir, log: silentLogger });
  scope.defer(() => server.stop());
  await migrate({ url: server.url, directory: migrationFolder, log: silentLogger });
  replica = await startStreamingReplica(server);
  scope.defer(() => replica.stop());
  const readUrl = replica.at(server.url);
  const database = openDatabase({ url: server.url, readUrl, applicationName: "test" });
  const { url, superuserUrl } = server;
  harness = await openGatewayHarness({
    test: { url, superuserUrl, database, drop: () => database.close() },
  });
  scope.defer(() => harness.close());
  address = await harness.listen();
  const tenantId = await addTenant(database.service);
  store = await addStore(database.service, { tenantId });
  ({ cookie } = await addUser(database.service, { tenantId, role: "viewer" }));
  await postSale(database.service, store, { at: harnessNow, net: 100n });
  await replica.caughtUp();
});
afterAll(() => scope.close());

const read = async (path: string) =>
  (
    await harness.http.inject({ url: `/v1/stores/${store.storeId}${path}`, headers: { cookie } })
  ).json();
const salesNow = async () =>
  (await read("/sales?from=2026-03-01&to=2026-03-02&grain=business-day")).windows[0].net;
const snapshotNow = async () => (await read("/live")) as LiveSnapshot;
const netOf = (snapshot: LiveSnapshot) =>
  snapshot.windows.reduce((sum, window) => sum + Number(window.net), 0);

/** A client that follows the store's room, so that the gateway hears of it. */
async function follow(): Promise<Socket<ServerToClient, ClientToServer>> {
  const client: Socket<ServerToClient, ClientToServer> = io(`${address}/live`, {
    ...{ transports: ["websocket"], reconnection: false, extraHeaders: { cookie } },
  });
  scope.defer(() => {
    client.disconnect();
  });
  await new Promise<void>((resolve, reject) => {
    client.on("connect", resolve);
    client.on("connect_error", reject);
  });
  expect(await client.emitWithAck("join", { stores: [store.storeId] })).toMatchObject({
    ok: [store.storeId],
  });
  return client;
}

test("dashboards read from the replica, and a snapshot from the database itself while the room is ahead", async () => {
  const { storeId, tenantId } = store;
  const client = await follow();
  await replica.pauseReplay();
  await postSale(harness.test.database.service, store, { at: harnessNow, net: 20n });
  // Nothing was told yet: what the replica shows is as good as what anybody knows.
  expect(await salesNow()).toBe("100");
  expect(netOf(await snapshotNow())).toBe(100);

  const told = new Promise((resolve) => client.once("windows", resolve));
  const update = {
    ...{ tenantId, storeId, epoch: 1, prevSeq: 1, seq: 2 },
    ...{ windows: [], open: [], daysChanged: [], receivedAt: harnessNow, versions: null },
  };
  await harness.eventLog.append(topics.sales.topic, [
    { key: storeId, value: salesUpdatedCodec.encode(update) },
  ]);
  await told;
  const ahead = await snapshotNow();
  expect({ net: netOf(ahead), seq: ahead.cursor.windows }).toEqual({ net: 120, seq: 2 });
  expect(await salesNow()).toBe("100");

  await replica.resumeReplay();
  await replica.caughtUp();
  expect(await salesNow()).toBe("120");
  expect((await snapshotNow()).cursor.windows).toBe(2);
});

test("a feed's state that the replica has not seen yet is read from the database itself too", async () => {
  const { storeId, tenantId } = store;
  const client = await follow();
  await replica.pauseReplay();
  await harness.test.database.service.query(
    "update store_sequence set feed_seq = feed_seq + 1 where store_id = $1",
    [storeId],
  );
  expect((await snapshotNow()).cursor.feeds).toBe(0);
  const told = new Promise((resolve) => client.once("feed", resolve));
  const changed = {
    ...{ tenantId, storeId, feedKey: `${tenantId}/push/default/m`, state: "live" as const },
    ...{ since: harnessNow, lastProofAt: harnessNow, watermark: harnessNow, version: 1 },
  };
  await harness.eventLog.append(topics.feeds.topic, [
    { key: storeId, value: feedChangedCodec.encode(changed) },
  ]);
  await told;
  expect((await snapshotNow()).cursor.feeds).toBe(1);
  await replica.resumeReplay();
});
