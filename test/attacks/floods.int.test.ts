import { randomUUID } from "node:crypto";
import { openScope } from "@tillcast/core";
import { io, type Socket } from "socket.io-client";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { addKey, addTenant } from "../../gateway/testing/people.ts";
import { addStore } from "../../gateway/testing/sales.ts";
import { type ComposedProduct, composeProduct } from "../support/composed-product.ts";

/** One who floods, and a neighbour of another tenant who must not notice. */
interface Tenant {
  readonly storeId: string;
  readonly authorization: string;
}

const scope = openScope();
let product: ComposedProduct;
let flooder: Tenant;
let neighbour: Tenant;
const sockets: Socket[] = [];

beforeAll(async () => {
  product = await composeProduct(scope, {
    TILLCAST_SOCKETS_PER_CREDENTIAL: "3",
    TILLCAST_SOCKETS_PER_TENANT: "5",
    TILLCAST_FAILED_CREDENTIALS_PER_MINUTE: "30",
  });
  flooder = await addOne();
  neighbour = await addOne();
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.disconnect();
});
afterAll(() => scope.close());

async function addOne(): Promise<Tenant> {
  const { service } = product.installation.database;
  const tenantId = await addTenant(service);
  const { storeId } = await addStore(service, { tenantId });
  return { storeId, authorization: await addKey(service, tenantId, ["sales:read"]) };
}

const get = async (path: string, authorization: string) => {
  const answer = await fetch(product.url + path, { headers: { authorization } });
  await answer.arrayBuffer();
  return answer;
};
const statusOf = async (path: string, who: Tenant) => (await get(path, who.authorization)).status;
const salesOf = ({ storeId }: Tenant) =>
  `/v1/stores/${storeId}/sales?from=2026-01-01&to=2026-03-01&grain=15m`;

test("made-up keys cost no more look-ups than the limit, and a key that was good goes on", async () => {
  expect(await statusOf("/v1/stores", neighbour)).toBe(200);
  const madeUp = () =>
    `Bearer tck_${randomUUID().replaceAll("-", "").slice(0, 16)}_${"x".repeat(43)}`;
  const answers = [];
  for (let sent = 0; sent < 200; sent += 20) {
    answers.push(...(await Promise.all(Array.from({ length: 20 }, () => get("/v1/me", madeUp())))));
  }
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(100);
  expect(Number(refused.at(-1)?.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(answers.every(({ status }) => status === 401 || status === 429)).toBe(true);
  expect(await statusOf("/v1/stores", neighbour)).toBe(200);
});

test("one key's requests without end are refused by name, and the neighbour's are all answered", async () => {
  // Known before the address has used its unknown keys up, and so not counted as one.
  expect([200, 429]).toContain(await statusOf("/v1/me", flooder));
  const flood = Array.from({ length: 1_500 }, () => statusOf(salesOf(flooder), flooder));
  const quiet: number[] = [];
  for (let turn = 0; turn < 20; turn += 1)
    quiet.push(await statusOf(salesOf(neighbour), neighbour));
  const statuses = await Promise.all(flood);
  expect(new Set(quiet)).toEqual(new Set([200]));
  expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(500);
  expect(statuses.every((status) => [200, 429, 503].includes(status))).toBe(true);
  const refused = await get("/v1/stores", flooder.authorization);
  if (refused.status === 429) expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
});

test("long reads of one tenant leave connections to the others, and to whoever asks if all is well", async () => {
  const { database } = product.installation;
  const tenantId = randomUUID();
  const sleep = (pool: "tenant" | "service", seconds: number) =>
    database[pool].query("select pg_sleep($1)", [seconds]);
  // More than the tenant's share, and few enough that the last one's turn comes within its wait.
  const reads = Array.from({ length: 8 }, () =>
    database.share.run(tenantId, () => sleep("tenant", 0.5)).then(() => "read"),
  );
  // As callers would who hold every connection of the services.
  const taken = Array.from({ length: 14 }, () => sleep("service", 1.5).then(() => "taken"));
  const isHeld = () => database.service.waitingCount > 0;
  expect(isHeld()).toBe(true);
  expect((await fetch(`${product.url}/readyz`)).status).toBe(200);
  expect(await database.tenant.query("select 1").then(({ rows }) => rows.length)).toBe(1);
  expect(database.tenant.totalCount - database.tenant.idleCount).toBeLessThan(12);
  expect(new Set(await Promise.all([...reads, ...taken]))).toEqual(new Set(["read", "taken"]));
});

const connect = (authorization: string) =>
  new Promise<Socket>((resolve, reject) => {
    const socket = io(`${product.url}/live`, {
      transports: ["websocket"],
      reconnection: false,
      forceNew: true,
      extraHeaders: { authorization },
    });
    sockets.push(socket);
    socket.on("connect", () => resolve(socket));
    socket.on("connect_error", (error) =>
      reject(new Error((error as Error & { data?: { code?: string } }).data?.code)),
    );
  });

test("sockets of one key, and of one tenant, are bounded, and closed ones make room", async () => {
  const { service } = product.installation.database;
  const tenantId = await addTenant(service);
  const [first, second] = [
    await addKey(service, tenantId, ["sales:read"]),
    await addKey(service, tenantId, ["sales:read"]),
  ];
  // Known by an address that may have used its unknown ones up in the tests before.
  const known = await Promise.all([1, 2, 3].map(() => connect(first)));
  await expect(connect(first)).rejects.toThrow("tooManyRequests");
  await Promise.all([1, 2].map(() => connect(second)));
  await expect(connect(second)).rejects.toThrow("tooManyRequests");
  expect((await connect(neighbour.authorization)).connected).toBe(true);
  known[0]?.disconnect();
  await expect
    .poll(() =>
      connect(second).then(
        ({ connected }) => connected,
        () => false,
      ),
    )
    .toBe(true);
});

test("thousands of joins of one socket leave the neighbour's requests answered", async () => {
  const socket = await connect(flooder.authorization);
  for (let sent = 0; sent < 5_000; sent += 1)
    socket.emit("join", { stores: [flooder.storeId] }, () => {});
  for (let turn = 0; turn < 10; turn += 1) {
    expect(await statusOf("/v1/stores", neighbour)).toBe(200);
  }
});
