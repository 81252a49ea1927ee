import { type Actor, appError, audited } from "@tillcast/core";
import { runStatement, type Statement, type Transaction } from "@tillcast/core/database";
import type { ClientBase, Pool } from "pg";
import type { ApiKeyScope } from "../access/principal.ts";
import { requireTenant } from "../tenants/list-tenants.ts";
import { createApiKey, type NewApiKey } from "./api-keys.ts";

/** A key as it is listed; its secret is nowhere. */
export interface KeyFacts {
  readonly keyId: string;
  readonly tenantId: string;
  readonly name: string;
  readonly scopes: readonly ApiKeyScope[];
  /** UTC milliseconds, as all instants here. */
  readonly createdAt: number;
  readonly lastUsedAt: number | null;
  readonly revokedAt: number | null;
  /** The end of a key that was rotated. */
  readonly expiresAt: number | null;
}

const selectKeys: Statement = {
  name: "keys-list",
  text: `
    select
      key_id as "keyId",
      tenant_id as "tenantId",
      name,
      scopes,
      created_at as "createdAt",
      last_used_at as "lastUsedAt",
      revoked_at as "revokedAt",
      expires_at as "expiresAt"
    from api_key
    where ($1::uuid is null or tenant_id = $1)
      and ($2 or (revoked_at is null and (expires_at is null or expires_at > now())))
    order by created_at, key_id`,
};

/** Keys of one tenant or of all; those that work no more only where asked for. */
export async function listKeys(
  db: Pick<ClientBase, "query">,
  filter: { readonly tenantId?: string | undefined; readonly withEnded: boolean },
): Promise<KeyFacts[]> {
  const { rows } = await runStatement<KeyFacts & Record<string, unknown>>(db, selectKeys, [
    filter.tenantId ?? null,
    filter.withEnded,
  ]);
  return rows;
}

/** A key that was just made; the secret is seen only here. */
export interface MadeKey {
  readonly keyId: string;
  readonly key: string;
}

/** Makes a key of a tenant. */
export function makeKey(pool: Pool, by: Actor, wanted: NewApiKey): Promise<MadeKey> {
  return audited(pool, by, "key created", async (tx, note) => {
    const { tenantId, scopes, name } = wanted;
    if (by.tenantId !== null && by.tenantId !== tenantId) {
      throw appError("notFound", { what: `tenant ${tenantId}` });
    }
    await requireTenant(tx, tenantId);
    const made = await createApiKey(tx, wanted);
    note({ tenantId, subject: made.keyId, detail: { scopes, name: name ?? "" } });
    return made;
  });
}

interface KeyRow {
  readonly tenant_id: string;
  readonly name: string;
  readonly scopes: ApiKeyScope[];
}

const lockKey: Statement = {
  name: "keys-lock",
  text: `
    select tenant_id, name, scopes
    from api_key
    where key_id = $1 and ($2::uuid is null or tenant_id = $2) and revoked_at is null
      and (expires_at is null or expires_at > now())
    for update`,
};

async function loadForChange(tx: Transaction, by: Actor, keyId: string): Promise<KeyRow> {
  const { rows } = await runStatement<KeyRow & Record<string, unknown>>(tx, lockKey, [
    keyId,
    by.tenantId,
  ]);
  if (rows[0] === undefined) throw appError("notFound", { what: `key ${keyId} that still works` });
  return rows[0];
}

/** Revokes a key; every process refuses it within two seconds, at the latest within eight. */
export function revokeKey(pool: Pool, by: Actor, keyId: string): Promise<void> {
  return audited(pool, by, "key revoked", async (tx, note) => {
    const { tenant_id: tenantId, name } = await loadForChange(tx, by, keyId);
    await tx.query("update api_key set revoked_at = now() where key_id = $1", [keyId]);
    note({ tenantId, subject: keyId, detail: { name } });
  });
}

/** Makes a key that may do the same, and ends the old one `overlapMs` later. */
export function rotateKey(
  pool: Pool,
  by: Actor,
  { keyId, overlapMs }: { readonly keyId: string; readonly overlapMs: number },
): Promise<MadeKey & { readonly oldEndsAt: number }> {
  return audited(pool, by, "key rotated", async (tx, note) => {
    const { tenant_id: tenantId, name, scopes } = await loadForChange(tx, by, keyId);
    const made = await createApiKey(tx, { tenantId, name, scopes });
    const oldEndsAt = by.at + overlapMs;
    await tx.query("update api_key set expires_at = $2 where key_id = $1", [
      keyId,
      new Date(oldEndsAt),
    ]);
    note({ tenantId, subject: keyId, detail: { newKey: made.keyId, oldEndsAt } });
    return { ...made, oldEndsAt };
  });
}
