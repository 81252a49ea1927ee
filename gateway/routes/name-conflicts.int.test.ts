import { NameConflictList } from "@tillcast/schemas";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GatewayHarness, openGatewayHarness } from "../testing/harness.ts";
import { addTenant, addUser } from "../testing/people.ts";
import { addStore, postSale } from "../testing/sales.ts";

let harness: GatewayHarness;
let storeId: string;
const cookies = { owner: "", manager: "", foreign: "" };

/** Parks every order of a store under its own number. */
const parkAll = `
  insert into name_conflict (tenant_id, order_key, version_hash, source, account_id, location_id, order_id,
    store_id, reason, schema_fingerprint, snapshot, known_store_id, known_fingerprint, known_snapshot, recorded_at)
  select tenant_id, order_key, content_hash, source, account_id, location_id, order_id, store_id,
    'it was opened at another time', schema_fingerprint, snapshot, store_id, schema_fingerprint, snapshot, recorded_at
  from order_head where store_id = $1`;

beforeAll(async () => {
  harness = await openGatewayHarness();
  const { service } = harness.test.database;
  const tenantId = await addTenant(service);
  const store = await addStore(service, { tenantId, name: "Theirs" });
  const other = await addStore(service, { tenantId, name: "Another" });
  ({ storeId } = store);
  for (const one of [store, other]) {
    await postSale(service, one, { at: "2026-03-01T11:00:00Z", net: 666n });
    await service.query(parkAll, [one.storeId]);
  }
  cookies.owner = (await addUser(service, { tenantId, role: "owner" })).cookie;
  cookies.manager = (
    await addUser(service, { tenantId, role: "manager", storeIds: [storeId] })
  ).cookie;
  const foreign = await addTenant(service);
  cookies.foreign = (await addUser(service, { tenantId: foreign, role: "owner" })).cookie;
});
afterAll(() => harness.close());

const headersOf = (who: keyof typeof cookies) => ({
  cookie: cookies[who],
  origin: "http://localhost:80",
  host: "localhost:80",
});

async function list(who: keyof typeof cookies, query = "") {
  const url = `/v1/name-conflicts${query}`;
  const answer = await harness.http.inject({ url, headers: headersOf(who) });
  expect(answer.statusCode, answer.body).toBe(200);
  return NameConflictList.parse(answer.json()).conflicts;
}

async function decide(who: keyof typeof cookies, id: string | undefined, as: string) {
  const answer = await harness.http.inject({
    method: "POST",
    url: `/v1/name-conflicts/${id}/decision`,
    headers: headersOf(who),
    payload: { as },
  });
  return { status: answer.statusCode, body: answer.json() };
}

test("an owner sees the conflicts of all stores with both pictures, a manager those of the stores given", async () => {
  expect(await list("owner")).toHaveLength(2);
  expect(await list("foreign")).toEqual([]);
  const [conflict, ...others] = await list("manager");
  expect(others).toEqual([]);
  expect(conflict).toMatchObject({
    storeId,
    reason: "it was opened at another time",
    decision: null,
    arrived: { openedAt: "2026-03-01T11:00:00.000Z", currency: "EUR" },
    known: { openedAt: "2026-03-01T11:00:00.000Z" },
  });
});

test("a conflict is decided once, by who may, and keeps who decided", async () => {
  const mine = (await list("manager"))[0]?.id;
  const theirs = (await list("owner")).find(({ id }) => id !== mine)?.id;
  expect((await decide("foreign", mine, "discard")).status).toBe(404);
  expect((await decide("manager", theirs, "discard")).status).toBe(404);
  expect((await decide("owner", mine, "a sale")).status).toBe(422);
  expect(await decide("manager", mine, "another_sale")).toEqual({
    status: 200,
    body: { decided: 1 },
  });
  expect(await list("manager")).toEqual([]);
  expect(await list("manager", "?decided=yes")).toMatchObject([
    { decision: "another_sale", decidedBy: expect.stringContaining("manager-") },
  ]);
  const again = await decide("owner", mine, "correction");
  expect(again.status).toBe(422);
  expect(again.body.detail).toContain("another_sale");
});
