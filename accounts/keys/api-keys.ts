import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { ClientBase, Pool } from "pg";
import type { ApiKeyScope, Principal } from "../access/principal.ts";
import { hashToken, makeToken } from "../people/tokens.ts";
import { refuseDisabledTenant } from "../tenants/disabled-tenant.ts";

export interface NewApiKey {
  readonly tenantId: string;
  readonly name?: string;
  readonly scopes: readonly ApiKeyScope[];
}

const insertKey = `
  insert into api_key (key_id, tenant_id, name, secret_hash, scopes)
  values ($1, $2, $3, $4, $5)`;

/** Makes a key, `tck_<keyId>_<secret>`; the answer is the only time that it is seen. */
export async function createApiKey(
  tx: Pick<ClientBase, "query">,
  key: NewApiKey,
): Promise<{ keyId: string; key: string }> {
  const keyId = randomBytes(8).toString("hex");
  const { token, hash } = makeToken();
  await tx.query(insertKey, [keyId, key.tenantId, key.name ?? "", hash, key.scopes]);
  return { keyId, key: `tck_${keyId}_${token}` };
}

/** How long an answer is remembered where no revocation is told (`watchAccess`). */
const cacheMaxMs = 8_000;
const cacheMaxCount = 1_000;

const caches = new WeakMap<Pool, LRUCache<string, Principal>>();

/**
 * Finds whose key this is; undefined when it is unknown, wrong, revoked or over. Refuses the key of a disabled
 * tenant by name. Needs the service pool.
 */
export async function findApiKey(pool: Pool, presentedKey: string): Promise<Principal | undefined> {
  const parts = /^tck_([0-9a-f]{16})_([\w-]{20,100})$/.exec(presentedKey);
  if (parts?.[1] === undefined || parts[2] === undefined) return undefined;
  const cache = cacheOf(pool);
  // The whole key's digest: the secret itself is not kept in memory.
  const cacheKey = createHash("sha256").update(presentedKey).digest("base64");
  const known = cache.get(cacheKey);
  if (known !== undefined) return known;
  const principal = await lookUp(pool, parts[1], parts[2]);
  if (principal !== undefined) cache.set(cacheKey, principal);
  return principal;
}

/** Looks every key up anew from now on. */
export function forgetApiKeys(pool: Pool): void {
  caches.delete(pool);
}

interface KeyRow {
  readonly tenant_id: string;
  readonly secret_hash: Buffer;
  readonly scopes: ApiKeyScope[];
  readonly is_disabled: boolean;
}

const selectKey = `
  select k.tenant_id, k.secret_hash, k.scopes, t.disabled_at is not null as is_disabled
  from api_key k
  join tenant t on t.tenant_id = k.tenant_id
  where k.key_id = $1 and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())`;

const touchKey = `
  update api_key set last_used_at = now()
  where key_id = $1 and (last_used_at is null or last_used_at < now() - interval '1 minute')`;

async function lookUp(pool: Pool, keyId: string, secret: string): Promise<Principal | undefined> {
  const row = (await pool.query<KeyRow>(selectKey, [keyId])).rows[0];
  if (row === undefined || !timingSafeEqual(row.secret_hash, hashToken(secret))) return undefined;
  refuseDisabledTenant(row.is_disabled);
  await pool.query(touchKey, [keyId]);
  return { kind: "key", keyId, tenantId: row.tenant_id, scopes: row.scopes, storeIds: null };
}

function cacheOf(pool: Pool): LRUCache<string, Principal> {
  const present = caches.get(pool);
  if (present !== undefined) return present;
  const made = new LRUCache<string, Principal>({ max: cacheMaxCount, ttl: cacheMaxMs });
  caches.set(pool, made);
  return made;
}
