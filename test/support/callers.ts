import { randomUUID } from "node:crypto";
import { type Role, roles } from "@tillcast/accounts";
import type { Pool } from "pg";
import { addKey, addTenant, addUser } from "../../gateway/testing/people.ts";
import { addStore, postSale, type TestStore } from "../../gateway/testing/sales.ts";

/** Everybody who may call: each role, a key of each scope, and those whom nobody knows. */
export type Caller =
  | Role
  | "reading key"
  | "writing key"
  | "key of both"
  | "nobody"
  | "bogus key"
  | "expired session";
export const callers: readonly Caller[] = [
  ...roles,
  ...(["reading key", "writing key", "key of both"] as const),
  ...(["nobody", "bogus key", "expired session"] as const),
];

const known: readonly Caller[] = [...roles, "reading key", "writing key", "key of both"];
/** Whom a rule lets pass; anybody else gets 401 or 403. */
const passes: Readonly<Record<string, readonly Caller[]>> = {
  public: callers,
  "signed-in": known,
  "sales:read": ["owner", "manager", "viewer", "operator", "reading key", "key of both"],
  "orders:write": ["owner", "integrator", "writing key", "key of both"],
  "jobs:run": ["owner", "operator"],
  "names:decide": ["owner", "manager"],
  "tenant:manage": ["owner"],
};

/** Whom a route's rule, or any of its several, lets pass. */
export const passing = (rule: string | readonly string[]): readonly Caller[] =>
  callers.filter((caller) => [rule].flat().some((one) => passes[one]?.includes(caller)));

/** Whether nobody can tell who a caller is. */
export const isUnknown = (caller: Caller): boolean => !known.includes(caller);

/** A tenant with its people and keys, and a neighbour whose rows nobody of it may see. */
export interface CallersWorld {
  /** The manager's store. */
  readonly store: TestStore;
  /** Of the same tenant, and not the manager's. */
  readonly otherStore: TestStore;
  readonly foreignStore: TestStore;
  headersOf(caller: Caller): Readonly<Record<string, string>>;
}

/** Of the neighbour's only sale; no instant has these digits. */
export const foreignNet = 777_000_666_777n;

/** A host as a browser on this machine sends it. */
const ownPage = { origin: "http://localhost:80", host: "localhost:80" };

/** Fills an installation with the two tenants. */
export async function addCallers(service: Pool): Promise<CallersWorld> {
  const tenantId = await addTenant(service);
  const foreign = await addTenant(service, { name: "Foreign" });
  const store = await addStore(service, { tenantId, name: "Theirs" });
  const otherStore = await addStore(service, { tenantId, name: "Another" });
  const foreignStore = await addStore(service, { tenantId: foreign, name: "Foreign" });
  await postSale(service, foreignStore, { at: "2026-03-01T11:00:00Z", net: foreignNet });
  await addFeed(service, tenantId, "till", null);
  await addFeed(service, foreign, "Foreign till", foreignStore.storeId);
  await service.query(
    `insert into parked_order (tenant_id, order_key, version_hash, source, account_id, location_id, order_id,
       reason, payload, received_at)
     values ($1, '\\x00', 'h', 'push', 'default', 'Foreign till', 'Foreign-1', 'a Foreign reason', '{}', now())`,
    [foreign],
  );
  const headers = new Map<Caller, Readonly<Record<string, string>>>([["nobody", {}]]);
  for (const role of roles) {
    const storeIds = role === "manager" ? [store.storeId] : [];
    const { cookie } = await addUser(service, { tenantId, role, storeIds });
    headers.set(role, { cookie, ...ownPage });
  }
  const expired = await addUser(service, { tenantId, role: "owner", expiresAt: 1 });
  headers.set("expired session", { cookie: expired.cookie, ...ownPage });
  const scoped = async (...scopes: ("orders:write" | "sales:read")[]) => ({
    authorization: await addKey(service, tenantId, scopes),
  });
  headers.set("reading key", await scoped("sales:read"));
  headers.set("writing key", await scoped("orders:write"));
  headers.set("key of both", await scoped("orders:write", "sales:read"));
  headers.set("bogus key", {
    authorization: `Bearer tck_${"0".repeat(16)}_${randomUUID().replaceAll("-", "")}`,
  });
  return { store, otherStore, foreignStore, headersOf: (caller) => headers.get(caller) ?? {} };
}

async function addFeed(
  service: Pool,
  tenantId: string,
  locationId: string,
  storeId: string | null,
): Promise<void> {
  await service.query(
    `insert into feed (tenant_id, source, account_id, location_id, store_id)
     values ($1, 'push', 'default', $2, $3)`,
    [tenantId, locationId, storeId],
  );
}
