import { randomUUID } from "node:crypto";
import { openScope } from "@tillcast/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { anOrder } from "../../ingest/testing/order-builders.ts";
import {
  addCallers,
  type Caller,
  type CallersWorld,
  callers,
  isUnknown,
  passing,
} from "../support/callers.ts";
import { type ComposedProduct, composeProduct } from "../support/composed-product.ts";

interface Line {
  readonly access: string | readonly string[];
  /** What it answers to who passes. */
  readonly ok: number;
  readonly query?: string;
  readonly body?: () => unknown;
}

const ownOrders = ["orders:write", "sales:read"];
const page = { access: "public", ok: 200 };
const sales: Line = { access: "sales:read", ok: 200 };
const oneDay = "?from=2026-03-01&to=2026-03-02";

/** One line for each route of every service. */
const matrix: Readonly<Record<string, Line>> = {
  "DELETE /v1/session": { access: "public", ok: 204 },
  // Without a built web app a page says how to build it.
  "GET /*": page,
  "GET /docs/": page,
  "GET /docs/json": page,
  "GET /docs/static/*": page,
  "GET /docs/static/index.html": page,
  "GET /docs/static/swagger-initializer.js": page,
  "GET /docs/yaml": page,
  "GET /healthz": page,
  "GET /openapi.json": page,
  "GET /readyz": page,
  "GET /v1/audit": { access: "tenant:manage", ok: 200 },
  "GET /v1/feeds": sales,
  "GET /v1/jobs": sales,
  "GET /v1/me": { access: "signed-in", ok: 200 },
  "GET /v1/name-conflicts": { access: "names:decide", ok: 200 },
  "GET /v1/orders/:source/:account/:id/status": { access: ownOrders, ok: 200 },
  "GET /v1/overview": sales,
  "GET /v1/parked-orders": sales,
  "GET /v1/stores": sales,
  "GET /v1/stores/:storeId": sales,
  "GET /v1/stores/:storeId/entries": { ...sales, query: "?businessDate=2026-03-01" },
  "GET /v1/stores/:storeId/forecasts": sales,
  "GET /v1/stores/:storeId/items": sales,
  "GET /v1/stores/:storeId/live": sales,
  "GET /v1/stores/:storeId/sales": { ...sales, query: `${oneDay}&grain=day` },
  "GET /v1/stores/:storeId/tenders": { ...sales, query: oneDay },
  "PATCH /v1/feeds/:source/:accountId/:locationId": {
    access: "tenant:manage",
    ok: 200,
    body: () => ({ currency: "EUR" }),
  },
  "PATCH /v1/stores/:storeId": {
    access: "tenant:manage",
    ok: 200,
    body: () => ({ groups: ["city"] }),
  },
  "POST /v1/heartbeats": {
    access: "orders:write",
    ok: 200,
    body: () => ({ locationId: "till" }),
  },
  "POST /v1/jobs": { access: "jobs:run", ok: 202, body: () => ({ kind: "predict-forecast" }) },
  // There is none of that id.
  "POST /v1/name-conflicts/:conflictId/decision": {
    access: "names:decide",
    ok: 404,
    body: () => ({ as: "discard" }),
  },
  "POST /v1/orders": { access: "orders:write", ok: 200, body: () => pushed() },
  "POST /v1/parked-orders/claim": {
    access: "tenant:manage",
    ok: 202,
    body: () => ({
      ...{ source: "push", accountId: "default", locationId: "till" },
      storeId: world.store.storeId,
    }),
  },
  "POST /v1/session": {
    access: "public",
    ok: 401,
    body: () => ({ email: "nobody@example.com", password: "wrong" }),
  },
  "POST /v1/session/link": { access: "public", ok: 401, body: () => ({ token: "unknown" }) },
};

const scope = openScope();
let product: ComposedProduct;
let world: CallersWorld;
/** Pushed by the owner before the others ask after it. */
const ownOrderId: string = randomUUID();
const foreignOrderId = "Foreign-1";
const pushed = (orderId: string = ownOrderId) => anOrder({ orderId, storeId: world.store.storeId });

beforeAll(async () => {
  product = await composeProduct(scope, { TILLCAST_SIGN_IN_PER_MINUTE: "1000" });
  world = await addCallers(product.installation.database.service);
  expect((await send("POST /v1/orders", "owner")).statusCode).toBe(200);
});
afterAll(() => scope.close());

/** As `METHOD /path`; HEAD goes with each GET. */
function registered(): Map<string, unknown> {
  const routes = product.http.guardedRoutes.flatMap(({ method, url, config }) =>
    [method].flat().map((one) => [`${one} ${url}`, config?.access] as const),
  );
  return new Map(routes.filter(([name]) => !name.startsWith("HEAD ")));
}

function send(name: string, caller: Caller, store = world.store.storeId, order = ownOrderId) {
  const [method = "", pattern = ""] = name.split(" ");
  const { query = "", body } = matrix[name] ?? {};
  const path = pattern
    .replace("/docs/static/*", "/docs/static/swagger-ui.css")
    .replace("/*", "/robots.txt")
    .replace(":storeId", store)
    .replace(":conflictId", randomUUID())
    .replace(":source/:accountId/:locationId", "push/default/till")
    .replace(":source/:account/:id", `push/default/${order}`);
  return product.http.inject({
    method: method as "GET",
    url: path + query,
    headers: world.headersOf(caller),
    ...(body && { payload: body() as object }),
  });
}

test("each route has a line in the matrix with its rule, and each line a route", () => {
  const lines = Object.entries(matrix).map(([name, { access }]) => [name, access] as const);
  expect(Object.fromEntries(registered())).toEqual(Object.fromEntries(lines));
});

test.each(Object.keys(matrix))("%s lets pass who has the right, and nobody else", async (name) => {
  const line = matrix[name] as Line;
  for (const caller of callers) {
    // Signing out would end the session of the checks that follow.
    if (name === "DELETE /v1/session" && !isUnknown(caller)) continue;
    const { statusCode, body } = await send(name, caller);
    const isPassing = passing(line.access).includes(caller);
    const refusal = isUnknown(caller) ? 401 : 403;
    // A page that is not there is not a question of rights.
    const expected = isPassing
      ? [line.ok, ...(line === page ? [302, 304, 404, 503] : [])]
      : [refusal];
    expect(expected, `for ${caller}: ${body.slice(0, 300)}`).toContain(statusCode);
  }
});

const withStore = Object.keys(matrix).filter((name) => name.includes(":storeId"));

test.each(withStore)(
  "%s knows another tenant's store no more than one that never was",
  async (name) => {
    for (const caller of passing(matrix[name]?.access ?? "")) {
      const answers = [];
      for (const store of [world.foreignStore.storeId, randomUUID()]) {
        const { statusCode, body } = await send(name, caller, store);
        const { requestId: _, ...problem } = JSON.parse(body);
        answers.push({ statusCode, problem });
      }
      expect(answers[0], `for ${caller}`).toMatchObject({ statusCode: 404 });
      expect(answers[0]).toEqual(answers[1]);
    }
  },
);

test("another tenant's order is as absent as one that never was", async () => {
  const name = "GET /v1/orders/:source/:account/:id/status";
  for (const caller of passing(ownOrders)) {
    for (const order of [foreignOrderId, randomUUID()]) {
      const { statusCode } = await send(name, caller, world.store.storeId, order);
      expect(statusCode, `${order} for ${caller}`).toBe(404);
    }
  }
});

test("orders and signs of life for another tenant's store are refused", async () => {
  for (const caller of passing("orders:write")) {
    const headers = world.headersOf(caller);
    const { storeId } = world.foreignStore;
    const order = { ...pushed(randomUUID()), storeId };
    const answer = await product.http.inject({
      method: "POST",
      url: "/v1/orders",
      headers,
      payload: order,
    });
    expect(answer.statusCode, answer.body).toBe(422);
    const beat = { method: "POST", url: "/v1/heartbeats", headers, payload: { storeId } } as const;
    expect((await product.http.inject(beat)).statusCode).toBe(422);
  }
});

test("a manager sees only the stores that were given", async () => {
  const other = world.otherStore.storeId;
  for (const name of withStore.filter((one) => matrix[one]?.access === "sales:read")) {
    expect((await send(name, "manager", other)).statusCode, name).toBe(404);
    expect((await send(name, "viewer", other)).statusCode, name).toBe(200);
  }
  for (const name of ["GET /v1/stores", "GET /v1/overview"]) {
    const { stores } = (await send(name, "manager")).json<{ stores: { name: string }[] }>();
    expect(stores.map((store) => store.name)).toEqual(["Theirs"]);
  }
});

test("lists hold nothing of another tenant", async () => {
  const lists = Object.keys(matrix).filter((name) => /^GET \/v1\/[\w-]+$/.test(name));
  expect(lists.length).toBeGreaterThan(5);
  for (const name of lists) {
    const { body } = await send(name, "owner");
    expect(body, name).not.toContain("Foreign");
    expect(body, name).not.toContain("666");
  }
});
