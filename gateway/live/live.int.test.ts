import type { LiveJob, LiveSnapshot, LiveWindows, SalesUpdated } from "@tillcast/schemas";
import {
  type ClientToServer,
  feedChangedCodec,
  jobChangedCodec,
  measures,
  type ServerToClient,
  salesUpdatedCodec,
  topics,
} from "@tillcast/schemas";
import { io, type Socket } from "socket.io-client";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type GatewayHarness, harnessNow, openGatewayHarness } from "../testing/harness.ts";
import { addKey, addTenant, addUser } from "../testing/people.ts";
import { addStore, postSale, type TestStore } from "../testing/sales.ts";

type Client = Socket<ServerToClient, ClientToServer>;

describe("the live connection", () => {
  let harness: GatewayHarness;
  let address: string;
  let tenantId: string;
  let store: TestStore;
  let foreign: TestStore;
  const clients: Client[] = [];

  beforeAll(async () => {
    harness = await openGatewayHarness();
    const { service } = harness.test.database;
    tenantId = await addTenant(service);
    store = await addStore(service, { tenantId });
    foreign = await addStore(service, { tenantId: await addTenant(service) });
    address = await harness.listen();
  });
  afterEach(() => {
    for (const client of clients.splice(0)) client.disconnect();
  });
  afterAll(() => harness.close());

  function open(options: { cookie?: string; origin?: string; token?: string }): Client {
    const extraHeaders: Record<string, string> = {};
    if (options.cookie !== undefined) extraHeaders.cookie = options.cookie;
    if (options.origin !== undefined) extraHeaders.origin = options.origin;
    const client: Client = io(`${address}/live`, {
      transports: ["websocket"],
      reconnection: false,
      forceNew: true,
      extraHeaders,
      auth: options.token === undefined ? {} : { token: options.token },
    });
    clients.push(client);
    return client;
  }
  const connected = (client: Client) =>
    new Promise<void>((resolve, reject) => {
      client.on("connect", resolve);
      client.on("connect_error", reject);
    });
  async function openAs(
    role: "owner" | "viewer" | "operator",
    { runsInstallation = false } = {},
  ): Promise<Client> {
    const { service } = harness.test.database;
    const user = await addUser(service, { tenantId, role });
    await service.query("update app_user set runs_installation = $2 where user_id = $1", [
      user.userId,
      runsInstallation,
    ]);
    const client = open({ cookie: user.cookie });
    await connected(client);
    return client;
  }
  const heard = <Event extends keyof ServerToClient>(client: Client, event: Event) =>
    new Promise<Parameters<ServerToClient[Event]>[0]>((resolve) => {
      client.once(event, resolve as never);
    });
  function updateOf(prevSeq: number, net: bigint, start = harnessNow): SalesUpdated {
    return {
      tenantId,
      storeId: store.storeId,
      epoch: 1,
      prevSeq,
      seq: prevSeq + 1,
      windows: [
        {
          businessDate: "2026-03-01",
          start,
          channel: "dine_in",
          currency: "EUR",
          values: measures.map((measure) =>
            measure === "net" ? net : measure === "charge_service" ? 5n : 0n,
          ),
          channelNumber: 0,
        },
      ],
      open: [
        { currency: "EUR", amount: 900n, orders: 2 },
        { currency: "USD", amount: 0n, orders: 0 },
      ],
      daysChanged: [],
      receivedAt: harnessNow,
    };
  }
  const publish = (...updates: SalesUpdated[]) =>
    harness.eventLog.append(
      topics.sales.topic,
      updates.map((update) => ({ key: update.storeId, value: salesUpdatedCodec.encode(update) })),
    );

  test("refuses who is not signed in", async () => {
    await expect(connected(open({}))).rejects.toThrow(/^unauthenticated/);
    await expect(connected(open({ cookie: "tillcast_session=nobody" }))).rejects.toThrow();
    await expect(connected(open({ token: "tck_0011223344556677_wrong" }))).rejects.toThrow();
  });

  test("a socket that floods joins is served in turn, and another caller hardly notices", async () => {
    const flooding = await openAs("viewer");
    let answered = 0;
    for (let asked = 0; asked < 5_000; asked += 1) {
      flooding.emit("join", { stores: [store.storeId] }, () => {
        answered += 1;
      });
    }
    const other = await openAs("viewer");
    const joined = await other.emitWithAck("join", { stores: [store.storeId] });
    expect(joined).toEqual({ ok: [store.storeId], denied: [] });
    await expect.poll(() => answered).toBeGreaterThan(0);
    expect(answered).toBeLessThan(1_000);
  });

  test("refuses the page of another site, and takes our own", async () => {
    const { cookie } = await addUser(harness.test.database.service, { tenantId, role: "viewer" });
    await expect(connected(open({ cookie, origin: "https://evil.example" }))).rejects.toThrow();
    await connected(open({ cookie, origin: address }));
  });

  test("takes a key that may read sales, and no other", async () => {
    const { service } = harness.test.database;
    const reading = (await addKey(service, tenantId, ["sales:read"])).slice("Bearer ".length);
    await connected(open({ token: reading }));
    const writing = (await addKey(service, tenantId, ["orders:write"])).slice("Bearer ".length);
    await expect(connected(open({ token: writing }))).rejects.toThrow(/^forbidden/);
  });

  test("joins the stores that a person may see, and denies all others alike", async () => {
    const client = await openAs("viewer");
    const unknown = "00000000-0000-4000-8000-000000000000";
    const joined = await client.emitWithAck("join", {
      stores: [store.storeId, foreign.storeId, unknown, "nonsense"],
    });
    expect(joined.ok).toEqual([store.storeId]);
    expect(joined.denied).toEqual([foreign.storeId, unknown, "nonsense"]);
  });

  test("sends the first change at once and the following ones as one, composed by the tenant's policy", async () => {
    const client = await openAs("viewer");
    await client.emitWithAck("join", { stores: [store.storeId] });
    const updates: LiveWindows[] = [];
    client.on("windows", (update) => updates.push(update));
    await publish(updateOf(10, 100n));
    await publish(updateOf(11, 200n));
    await publish(updateOf(12, 300n));
    await expect.poll(() => updates.at(-1)?.seq, { timeout: 5_000 }).toBe(13);
    expect(updates.length).toBeLessThan(4);
    expect(updates[0]).toMatchObject({ prevSeq: 10, epoch: 1 });
    expect(updates.at(-1)?.windows).toEqual([
      expect.objectContaining({ net: "305", start: harnessNow, businessDate: "2026-03-01" }),
    ]);
    expect(updates.at(-1)?.open).toEqual([{ currency: "EUR", amount: "900", orders: 2 }]);
    updates.reduce((seq, update) => {
      expect(update.prevSeq).toBeLessThanOrEqual(seq);
      return update.seq;
    }, 10);
  });

  test("keeps what belongs to others from a socket, also after it left", async () => {
    const client = await openAs("viewer");
    const updates: LiveWindows[] = [];
    client.on("windows", (update) => updates.push(update));
    await client.emitWithAck("join", { stores: [store.storeId] });
    client.emit("leave", { stores: [store.storeId] });
    await client.emitWithAck("join", { stores: [] });
    await publish(updateOf(20, 1n), { ...updateOf(5, 1n), storeId: foreign.storeId });
    const witness = await openAs("viewer");
    await witness.emitWithAck("join", { stores: [store.storeId] });
    const told = heard(witness, "windows");
    await publish(updateOf(21, 1n));
    await told;
    expect(updates).toEqual([]);
  });

  test("answers a snapshot whose versions fit its windows", async () => {
    await postSale(harness.test.database.service, store, { at: harnessNow - 60_000, net: 4200n });
    const client = await openAs("viewer");
    const reply = (await client.emitWithAck("snapshot", {
      storeId: store.storeId,
    })) as LiveSnapshot;
    expect(reply).toMatchObject({ businessDate: "2026-03-01", currency: "EUR", forecast: null });
    expect(reply.cursor.windows).toBe(1);
    expect(reply.windows.map((window) => window.net)).toEqual(["4200"]);
    expect(reply.forecastReason).toMatch(/forecast/i);
    const refused = await client.emitWithAck("snapshot", { storeId: foreign.storeId });
    expect(refused).toEqual({ error: expect.stringContaining("no store"), code: "notFound" });
  });

  test("passes on feeds to the store's followers and jobs to the tenant", async () => {
    const [viewer, owner] = [await openAs("viewer"), await openAs("owner")];
    const tenantOperator = await openAs("operator");
    const operator = await openAs("operator", { runsInstallation: true });
    await viewer.emitWithAck("join", { stores: [store.storeId] });
    const feed = heard(viewer, "feed");
    const changed = {
      tenantId,
      storeId: store.storeId,
      feedKey: `${tenantId}/push/default/main`,
      state: "late" as const,
      since: 1,
      lastProofAt: null,
      watermark: 2,
      version: 3,
    };
    await harness.eventLog.append(topics.feeds.topic, [
      { key: store.storeId, value: feedChangedCodec.encode(changed) },
    ]);
    expect(await feed).toMatchObject({ version: 3, feed: { source: "push", state: "late" } });

    const jobs: LiveJob[] = [];
    for (const client of [viewer, owner, tenantOperator]) {
      client.on("job", (job) => jobs.push(job));
    }
    const all = heard(operator, "job");
    const job = {
      kind: "k",
      state: "running" as const,
      progress: 0.5,
      message: "half",
      changedAt: 9,
    };
    const own = heard(viewer, "job");
    await harness.eventLog.append(
      topics.jobs.topic,
      [
        { ...job, jobId: "theirs", tenantId: foreign.tenantId },
        { ...job, jobId: "installation", tenantId: null },
        { ...job, jobId: "ours", tenantId },
      ].map((one) => ({ key: one.jobId, value: jobChangedCodec.encode(one) })),
    );
    expect((await own).jobId).toBe("ours");
    expect((await all).jobId).toBe("installation");
    // An owner, and an operator of a tenant, see nothing of the installation's work.
    await expect.poll(() => jobs.length).toBe(3);
    expect(new Set(jobs.map((one) => one.jobId))).toEqual(new Set(["ours"]));
  });

  test("signing out closes the session's sockets", async () => {
    const user = await addUser(harness.test.database.service, { tenantId, role: "viewer" });
    const client = open({ cookie: user.cookie });
    await connected(client);
    const closed = new Promise((resolve) => client.on("disconnect", resolve));
    await harness.http.inject({
      method: "DELETE",
      url: "/v1/session",
      headers: { cookie: user.cookie, origin: address, host: new URL(address).host },
    });
    expect(await closed).toBe("io server disconnect");
  });

  test("a message that is no request is passed over", async () => {
    const client = await openAs("viewer");
    client.emit("join", "nonsense" as never, (() => undefined) as never);
    client.emit("snapshot", null as never, (() => undefined) as never);
    client.emit("leave", { stores: 5 } as never);
    expect((await client.emitWithAck("join", { stores: [] })).ok).toEqual([]);
  });
});

describe("stopping the live connection", () => {
  test("tells the clients when to come back, and takes no more", async () => {
    const harness = await openGatewayHarness();
    try {
      const { service } = harness.test.database;
      const tenantId = await addTenant(service);
      const { cookie } = await addUser(service, { tenantId, role: "viewer" });
      const address = await harness.listen();
      const client: Client = io(`${address}/live`, {
        transports: ["websocket"],
        reconnection: false,
        extraHeaders: { cookie },
      });
      await new Promise<void>((resolve) => client.on("connect", resolve));
      const drained = new Promise<{ inMs: number }>((resolve) => client.on("drain", resolve));
      const closed = new Promise((resolve) => client.on("disconnect", resolve));
      await Promise.all([harness.gateway.stop(), harness.gateway.stop()]);
      expect((await drained).inMs).toBeGreaterThanOrEqual(0);
      await closed;
    } finally {
      await harness.close();
    }
  });
});
