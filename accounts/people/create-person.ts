import { randomUUID } from "node:crypto";
import { type Actor, appError, audited } from "@tillcast/core";
import { runStatement, type Statement, type Transaction, uuidArray } from "@tillcast/core/database";
import type { Pool } from "pg";
import type { Role } from "../access/principal.ts";
import { requireStores } from "../stores/list-stores.ts";
import { requireTenant } from "../tenants/list-tenants.ts";
import { hashGoodPassword } from "./good-password.ts";
import { issueLink } from "./sign-in-links.ts";

/** A person to be made. */
export interface NewPerson {
  readonly tenantId: string;
  readonly email: string;
  readonly role: Role;
  /** Without stores: all of them, for a manager none. */
  readonly storeIds: readonly string[];
  /** With the field that a fault is told of; null for a person who chooses one by the link that is answered. */
  readonly password: { readonly text: string; readonly field: string } | null;
}

const insertPerson: Statement = {
  name: "people-insert",
  text: `
    insert into app_user (user_id, tenant_id, email, password_hash, role, all_stores)
    values ($1, $2, $3, $4, $5, $6)
    on conflict (email) do nothing`,
};

const insertStoresOfPerson: Statement = {
  name: "people-insert-stores",
  text: `
    insert into user_store (user_id, store_id, tenant_id)
    select $1, store_id, $3
    from unnest($2::uuid[]) as store_id`,
};

/** Makes a person; answers the token of a link that signs them in once, where they have no password yet. */
export async function createPerson(
  pool: Pool,
  by: Actor,
  person: NewPerson,
): Promise<{ readonly userId: string; readonly linkToken: string | null }> {
  const { tenantId, email, role, password } = person;
  if (by.tenantId !== null && by.tenantId !== tenantId) {
    throw appError("notFound", { what: `tenant ${tenantId}` });
  }
  await requireTenant(pool, tenantId);
  // Hashing takes long; the transaction does not wait for it.
  const passwordHash =
    password === null
      ? null
      : await hashGoodPassword(pool, { ...password, of: { tenantId, email } });
  return audited(pool, by, "person created", async (tx, note) => {
    const storeIds = [...new Set(person.storeIds)];
    const userId = randomUUID();
    const allStores = seesAll(role, storeIds);
    const made = await runStatement(tx, insertPerson, [
      ...[userId, tenantId, email, passwordHash, role, allStores],
    ]);
    if (made.rowCount !== 1) throw appError("conflict", { reason: `${email} is taken` });
    await saveStores(tx, { tenantId, userId, storeIds });
    const hasPassword = passwordHash !== null;
    note({ tenantId, subject: userId, detail: { role, allStores, storeIds, hasPassword } });
    const linkToken = hasPassword
      ? null
      : await issueLink(tx, { userId, tenantId, purpose: "invite" }, by.at);
    return { userId, linkToken };
  });
}

/** No store named is all of them, except for a manager, who is of some stores; an owner always sees all. */
export const seesAll = (role: Role, storeIds: readonly string[]): boolean =>
  role === "owner" || (role !== "manager" && storeIds.length === 0);

/** Gives a person stores of their tenant. */
export async function saveStores(
  tx: Transaction,
  of: { readonly tenantId: string; readonly userId: string; readonly storeIds: readonly string[] },
): Promise<void> {
  await requireStores(tx, of.tenantId, of.storeIds);
  await runStatement(tx, insertStoresOfPerson, [of.userId, uuidArray(of.storeIds), of.tenantId]);
}
