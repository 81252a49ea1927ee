import { randomUUID } from "node:crypto";
import { type Role, roles } from "@tillcast/accounts";
import { enqueueJob } from "@tillcast/core/work";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type GatewayHarness,
  openGatewayHarness,
  type RegisteredRoute,
} from "../testing/harness.ts";
import { addKey, addTenant, addUser } from "../testing/people.ts";
import { addStore, postSale } from "../testing/sales.ts";

type Caller = Role | "nobody" | "reading key" | "writing key" | "expired session";
const callers: readonly Caller[] = [
  ...roles,
  "nobody",
  "reading key",
  "writing key",
  "expired session",
];

/** Who passes a rule; everybody else gets 401 or 403. */
const passes: Readonly<Record<string, readonly Caller[]>> = {
  public: callers,
  "signed-in": [...roles, "reading key", "writing key"],
  "sales:read": ["owner", "manager", "viewer", "operator", "reading key"],
  "jobs:run": ["owner", "operator"],
  "names:decide": ["owner", "manager"],
  "tenant:manage": ["owner"],
};

/** One line for each route: its rule, and what it answers to who passes. */
const matrix: Readonly<Record<string, { readonly access: string; readonly ok: number }>> = {
  "DELETE /v1/session": { access: "public", ok: 204 },
  "GET /healthz": { access: "public", ok: 200 },
  "GET /metrics": { access: "public", ok: 200 },
  "GET /readyz": { access: "public", ok: 200 },
  "GET /v1/audit": { access: "tenant:manage", ok: 200 },
  "GET /v1/feeds": { access: "sales:read", ok: 200 },
  "GET /v1/jobs": { access: "sales:read", ok: 200 },
  "GET /v1/me": { access: "signed-in", ok: 200 },
  "GET /v1/name-conflicts": { access: "names:decide", ok: 200 },
  "GET /v1/overview": { access: "sales:read", ok: 200 },
  "GET /v1/parked-orders": { access: "sales:read", ok: 200 },
  "GET /v1/stores": { access: "sales:read", ok: 200 },
  "GET /v1/stores/:storeId": { access: "sales:read", ok: 200 },
  "GET /v1/stores/:storeId/entries": { access: "sales:read", ok: 200 },
  "GET /v1/stores/:storeId/forecasts": { access: "sales:read", ok: 200 },
  "GET /v1/stores/:storeId/items": { access: "sales:read", ok: 200 },
  "GET /v1/stores/:storeId/live": { access: "sales:read", ok: 200 },
  "GET /v1/stores/:storeId/sales": { access: "sales:read", ok: 200 },
  "GET /v1/stores/:storeId/tenders": { access: "sales:read", ok: 200 },
  "PATCH /v1/feeds/:source/:accountId/:locationId": { access: "tenant:manage", ok: 200 },
  "PATCH /v1/stores/:storeId": { access: "tenant:manage", ok: 200 },
  "POST /v1/jobs": { access: "jobs:run", ok: 202 },
  // There is none of that id.
  "POST /v1/name-conflicts/:conflictId/decision": { access: "names:decide", ok: 404 },
  "POST /v1/parked-orders/claim": { access: "tenant:manage", ok: 202 },
  "POST /v1/session": { access: "public", ok: 401 },
  "POST /v1/session/link": { access: "public", ok: 401 },
};

/** Given in `beforeAll` where they name a store. */
const bodies: Record<string, unknown> = {
  "PATCH /v1/feeds/:source/:accountId/:locationId": { currency: "EUR" },
  "PATCH /v1/stores/:storeId": { groups: ["city"] },
  "POST /v1/jobs": { kind: "train" },
  "POST /v1/name-conflicts/:conflictId/decision": { as: "discard" },
  "POST /v1/session": { email: "nobody@example.com", password: "wrong" },
  "POST /v1/session/link": { token: "unknown" },
};
const queries: Readonly<Record<string, string>> = {
  "GET /v1/stores/:storeId/entries": "?businessDate=2026-03-01",
  "GET /v1/stores/:storeId/sales": "?from=2026-03-01&to=2026-03-02&grain=day",
  "GET /v1/stores/:storeId/tenders": "?from=2026-03-01&to=2026-03-02",
};
const nameOf = (route: RegisteredRoute) => `${route.method} ${route.url}`;

describe("every route, for every role and tenant", () => {
  let harness: GatewayHarness;
  const headers = new Map<Caller, Record<string, string>>();
  let storeId: string;
  let otherStoreId: string;
  let foreignStoreId: string;

  beforeAll(async () => {
    harness = await openGatewayHarness({
      jobs: ({ service }) => ({
        train: (tenantId) => enqueueJob(service, { kind: "train", tenantId, dedupeKey: tenantId }),
      }),
    });
    const { service } = harness.test.database;
    const tenantId = await addTenant(service);
    const foreign = await addTenant(service);
    ({ storeId } = await addStore(service, { tenantId, name: "Theirs" }));
    ({ storeId: otherStoreId } = await addStore(service, { tenantId, name: "Another" }));
    const foreignStore = await addStore(service, { tenantId: foreign, name: "Foreign" });
    foreignStoreId = foreignStore.storeId;
    await postSale(service, foreignStore, { at: "2026-03-01T11:00:00Z", net: 666n });
    const feed = { source: "push", accountId: "default", locationId: "till" };
    bodies["POST /v1/parked-orders/claim"] = { ...feed, storeId };
    await service.query(
      "insert into feed (tenant_id, source, account_id, location_id) values ($1, 'push', 'default', 'till')",
      [tenantId],
    );
    await service.query(
      `insert into feed (tenant_id, source, account_id, location_id, store_id)
       values ($1, 'push', 'default', 'Foreign till', $2)`,
      [foreign, foreignStoreId],
    );
    await service.query(
      `insert into parked_order (tenant_id, order_key, version_hash, source, account_id, location_id, order_id,
         reason, payload, received_at)
       values ($1, '\\x00', 'h', 'push', 'default', 'Foreign till', '1', 'a Foreign reason', '{}', now())`,
      [foreign],
    );
    const host = { origin: "http://localhost:80", host: "localhost:80" };
    for (const role of roles) {
      const storeIds = role === "manager" ? [storeId] : [];
      const { cookie } = await addUser(service, { tenantId, role, storeIds });
      headers.set(role, { cookie, ...host });
    }
    const expired = await addUser(service, { tenantId, role: "owner", expiresAt: 1 });
    headers.set("expired session", { cookie: expired.cookie, ...host });
    headers.set("nobody", {});
    headers.set("reading key", { authorization: await addKey(service, tenantId, ["sales:read"]) });
    headers.set("writing key", {
      authorization: await addKey(service, tenantId, ["orders:write"]),
    });
  });
  afterAll(() => harness.close());

  const guarded = () =>
    harness.routes.filter((route) => route.access !== undefined && route.method !== "HEAD");
  function call(route: RegisteredRoute, caller: Caller, store: string) {
    const name = nameOf(route);
    const body = bodies[name];
    return harness.http.inject({
      method: route.method as "GET",
      url:
        route.url
          .replace(":storeId", store)
          .replace(":conflictId", randomUUID())
          .replace(":source/:accountId/:locationId", "push/default/till") + (queries[name] ?? ""),
      headers: headers.get(caller) ?? {},
      ...(body === undefined ? {} : { payload: body as object }),
    });
  }

  test("each route has a line in the matrix, and each line a route", () => {
    expect(guarded().map(nameOf).sort()).toEqual(Object.keys(matrix).sort());
    for (const route of guarded()) expect(matrix[nameOf(route)]?.access).toBe(route.access);
  });

  test("no route under /v1 is without a rule", () => {
    const open = harness.routes.filter(
      (route) => route.url.startsWith("/v1") && route.access === undefined,
    );
    expect(open).toEqual([]);
  });

  test("who has the right passes, nobody else does", async () => {
    for (const route of guarded()) {
      const { access, ok } = matrix[nameOf(route)] ?? { access: "none", ok: 0 };
      for (const caller of callers) {
        // Signing out would end the session of the checks that follow.
        if (nameOf(route) === "DELETE /v1/session" && caller !== "nobody") continue;
        const answer = await call(route, caller, storeId);
        const isUnknown = caller === "nobody" || caller === "expired session";
        const expected = passes[access]?.includes(caller) ? ok : isUnknown ? 401 : 403;
        expect(answer.statusCode, `${nameOf(route)} for ${caller}: ${answer.body}`).toBe(expected);
      }
    }
  });

  test("another tenant's store is as absent as one that never was", async () => {
    const withStore = guarded().filter((route) => route.url.includes(":storeId"));
    expect(withStore.length).toBeGreaterThan(5);
    for (const route of withStore) {
      for (const caller of passes[route.access ?? ""] ?? []) {
        const answers = [];
        for (const store of [foreignStoreId, randomUUID()]) {
          const { statusCode, body } = await call(route, caller, store);
          const { requestId: _, ...problem } = JSON.parse(body);
          answers.push({ statusCode, problem });
        }
        expect(answers[0], `${nameOf(route)} for ${caller}`).toMatchObject({ statusCode: 404 });
        expect(answers[0]).toEqual(answers[1]);
      }
    }
  });

  test("a manager sees only the stores that were given", async () => {
    const reading = guarded().filter(
      (one) => one.url.includes(":storeId") && one.access === "sales:read",
    );
    for (const route of reading) {
      expect((await call(route, "manager", otherStoreId)).statusCode, nameOf(route)).toBe(404);
      expect((await call(route, "viewer", otherStoreId)).statusCode, nameOf(route)).toBe(200);
    }
    for (const url of ["/v1/stores", "/v1/overview"]) {
      const answer = await harness.http.inject({ url, headers: headers.get("manager") ?? {} });
      const names = answer.json<{ stores: { name: string }[] }>().stores.map(({ name }) => name);
      expect(names).toEqual(["Theirs"]);
    }
  });

  test("an archived store is in no list, and what it sold can still be read", async () => {
    const { service } = harness.test.database;
    const archive = "update store set archived_at = $2 where store_id = $1";
    await service.query(archive, [otherStoreId, new Date(0)]);
    const read = (url: string) => harness.http.inject({ url, headers: headers.get("owner") ?? {} });
    for (const url of ["/v1/stores", "/v1/overview"]) {
      expect((await read(url)).body).not.toContain(otherStoreId);
    }
    const days = "from=2026-03-01&to=2026-03-02&grain=day";
    expect((await read(`/v1/stores/${otherStoreId}/sales?${days}`)).statusCode).toBe(200);
    await service.query(archive, [otherStoreId, null]);
  });

  test("work of the whole installation is shown to its operators alone", async () => {
    const { service } = harness.test.database;
    const { jobId } = await enqueueJob(service, { kind: "refold" });
    const jobsOf = async (caller: Caller) => {
      const answer = await harness.http.inject({
        url: "/v1/jobs",
        headers: headers.get(caller) ?? {},
      });
      return answer.json<{ jobs: { jobId: string }[] }>().jobs.map((job) => job.jobId);
    };
    for (const role of passes["sales:read"] ?? []) expect(await jobsOf(role)).not.toContain(jobId);
    await service.query(
      "update app_user set runs_installation = true where role in ('operator', 'owner')",
    );
    expect(await jobsOf("operator")).toContain(jobId);
    expect(await jobsOf("owner")).not.toContain(jobId);
  });

  test("lists hold nothing of another tenant", async () => {
    for (const url of [
      "/v1/stores",
      "/v1/overview",
      "/v1/jobs",
      "/v1/me",
      "/v1/feeds",
      "/v1/parked-orders",
    ]) {
      const answer = await harness.http.inject({ url, headers: headers.get("owner") ?? {} });
      expect(answer.body).not.toContain("Foreign");
      expect(answer.body).not.toContain("666");
    }
  });
});
