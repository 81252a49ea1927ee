import { randomUUID } from "node:crypto";
import { enqueueJob } from "@tillcast/core/work";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GatewayHarness, openGatewayHarness } from "../testing/harness.ts";
import { addKey, addTenant, addUser } from "../testing/people.ts";
import { addStore } from "../testing/sales.ts";

const host = { origin: "http://localhost:80", host: "localhost:80" };
const password = "correct horse battery";

let harness: GatewayHarness;
let tenantId: string;
let storeId: string;
let owner: Record<string, string>;
let email: string;

beforeAll(async () => {
  harness = await openGatewayHarness({
    jobs: ({ service }) => ({
      train: (of) => enqueueJob(service, { kind: "train", tenantId: of, dedupeKey: of }),
    }),
  });
  const { service } = harness.test.database;
  tenantId = await addTenant(service);
  ({ storeId } = await addStore(service, { tenantId }));
  const user = await addUser(service, { tenantId, role: "owner", password });
  owner = { ...host, cookie: user.cookie };
  ({ email } = user);
  await service.query(
    "insert into feed (tenant_id, source, account_id, location_id) values ($1, 'push', 'default', 'till')",
    [tenantId],
  );
});
afterAll(() => harness.close());

/** A call of each changing route, by the route; `events` is what the audit says after it. */
const calls = (): Readonly<
  Record<string, { readonly body?: object; readonly url?: string; readonly event: string }>
> => ({
  "PATCH /v1/feeds/:source/:accountId/:locationId": {
    url: "/v1/feeds/push/default/till",
    body: { currency: "EUR" },
    event: "feed set",
  },
  "PATCH /v1/stores/:storeId": {
    url: `/v1/stores/${storeId}`,
    body: { groups: ["city"] },
    event: "store set",
  },
  "POST /v1/jobs": { body: { kind: "train" }, event: "job requested" },
  "POST /v1/parked-orders/claim": {
    body: { source: "push", accountId: "default", locationId: "till", storeId },
    event: "parked orders claimed",
  },
  "POST /v1/session": { body: { email, password }, event: "signed in" },
  // Refused ones are kept too; that a link was used is shown in `people.int.test.ts`.
  "POST /v1/session/link": { body: { token: "unknown" }, event: "link refused" },
  // There is none here; that a decision is kept is shown where there are some.
  "POST /v1/name-conflicts/:conflictId/decision": {
    url: `/v1/name-conflicts/${randomUUID()}/decision`,
    body: { as: "discard" },
    event: "",
  },
  // Last, since it ends the session.
  "DELETE /v1/session": { event: "signed out" },
});

test("every route that changes something writes who asked for it, from where, with the request's id", async () => {
  const changing = harness.http.guardedRoutes
    .filter(({ method }) => !["GET", "HEAD"].includes(String(method)))
    .map(({ method, url }) => `${String(method)} ${url}`);
  expect(changing.sort()).toEqual(Object.keys(calls()).sort());
  for (const [route, { url, body, event }] of Object.entries(calls())) {
    const [method = "", path = ""] = route.split(" ");
    const requestId = randomUUID();
    await harness.http.inject({
      method: method as "POST",
      url: url ?? path,
      remoteAddress: "192.0.2.7",
      headers: { ...owner, "x-request-id": requestId },
      ...(body && { payload: body }),
    });
    const { rows } = await harness.test.database.service.query(
      "select action, address, actor_kind from audit_event where request_id = $1",
      [requestId],
    );
    const actor_kind = event === "link refused" ? "stranger" : "person";
    const expected = event === "" ? [] : [{ action: event, address: "192.0.2.7", actor_kind }];
    expect(rows, route).toEqual(expected);
  }
});

test("an owner reads their tenant's, page by page, and nothing of another's", async () => {
  const { service } = harness.test.database;
  const foreign = await addTenant(service);
  for (const [of, count] of [
    [tenantId, 5],
    [foreign, 2],
  ] as const) {
    await service.query(
      `insert into audit_event (at, tenant_id, actor_kind, actor, action, subject)
       select now(), $1, 'system', '', 'a test', n::text from generate_series(1, $2) n`,
      [of, count],
    );
  }
  const other = await addUser(service, { tenantId, role: "owner" });
  const read = async (query: string) => {
    const url = `/v1/audit?action=a%20test${query}`;
    const answer = await harness.http.inject({ url, headers: { cookie: other.cookie } });
    expect(answer.statusCode).toBe(200);
    return answer.json<{ events: { subject: string }[]; nextCursor: string | null }>();
  };
  const first = await read("&limit=3");
  const second = await read(`&limit=3&cursor=${first.nextCursor}`);
  const subjects = [...first.events, ...second.events].map(({ subject }) => subject);
  expect(subjects).toEqual(["5", "4", "3", "2", "1"]);
  expect(second.nextCursor).toBeNull();
  const key = await addKey(service, tenantId, ["sales:read"]);
  const refused = { url: "/v1/audit", headers: { authorization: key } };
  expect((await harness.http.inject(refused)).statusCode).toBe(403);
});
