import { type Actor, appError, audited } from "@tillcast/core";
import { runStatement, type Statement, type Transaction } from "@tillcast/core/database";
import type { Pool } from "pg";
import type { Role } from "../access/principal.ts";
import { saveStores } from "./create-person.ts";
import { issueLink } from "./sign-in-links.ts";

/** A person as a change finds them. */
interface PersonRow {
  readonly tenant_id: string;
  readonly email: string;
  readonly role: Role;
  readonly all_stores: boolean;
  readonly store_ids: string[];
  readonly is_disabled: boolean;
  readonly has_password: boolean;
  readonly runs_installation: boolean;
}

const lockPerson: Statement = {
  name: "people-lock",
  text: `
    select
      tenant_id,
      email,
      role,
      all_stores,
      array(select store_id from user_store s where s.user_id = u.user_id order by 1) as store_ids,
      disabled_at is not null as is_disabled,
      has_password,
      runs_installation
    from app_user u
    where user_id = $1 and ($2::uuid is null or tenant_id = $2)
    for update`,
};

const updatePerson: Statement = {
  name: "people-update",
  text: `
    update app_user
    set role = $2, all_stores = $3, runs_installation = $4
    where user_id = $1`,
};

const disablePerson: Statement = {
  name: "people-disable",
  text: `
    update app_user
    set disabled_at = case when $2 then coalesce(disabled_at, $3) end
    where user_id = $1`,
};

// The lock keeps two owners from taking each other's place away at the same moment.
const lockTenantOfOwners: Statement = {
  name: "people-lock-owners",
  text: "select 1 from tenant where tenant_id = $1 for update",
};

const selectOtherOwner: Statement = {
  name: "people-other-owner",
  text: `
    select 1
    from app_user
    where tenant_id = $1 and user_id <> $2 and role = 'owner' and disabled_at is null
    limit 1`,
};

/** What a person may do and see; what is absent stays. */
export interface PersonChange {
  readonly role?: Role | undefined;
  /** Only these stores; null for all. */
  readonly storeIds?: readonly string[] | null | undefined;
  /** Whether an operator is one of the installation; only whoever runs it may say so (docs/adr/0024). */
  readonly runsInstallation?: boolean | undefined;
}

/**
 * Sets what a person may do and see. Their open sockets follow within ten seconds. A role that is given without
 * stores keeps those that the person has.
 */
export function changePerson(
  pool: Pool,
  by: Actor,
  { userId, change }: { readonly userId: string; readonly change: PersonChange },
): Promise<void> {
  return audited(pool, by, "person changed", async (tx, note) => {
    const before = await loadForChange(tx, by, userId);
    const role = change.role ?? before.role;
    if (role !== "owner") await keepAnOwner(tx, before, userId);
    const { storeIds = before.all_stores ? null : before.store_ids } = change;
    const runsInstallation = installationOf(by, role, change, before);
    const allStores = role === "owner" || storeIds === null;
    await runStatement(tx, updatePerson, [userId, role, allStores, runsInstallation]);
    await tx.query("delete from user_store where user_id = $1", [userId]);
    const own = allStores ? [] : [...new Set(storeIds)];
    await saveStores(tx, { tenantId: before.tenant_id, userId, storeIds: own });
    note({
      tenantId: before.tenant_id,
      subject: userId,
      detail: {
        before: factsOf(before),
        after: { role, allStores, storeIds: own, runsInstallation },
      },
    });
  });
}

const factsOf = (row: PersonRow) => ({
  role: row.role,
  allStores: row.all_stores,
  storeIds: row.store_ids,
  runsInstallation: row.runs_installation,
});

/** Only an operator runs the installation, and only by the word of one who runs it already. */
function installationOf(by: Actor, role: Role, change: PersonChange, before: PersonRow): boolean {
  const wanted = change.runsInstallation;
  if (wanted !== undefined && by.tenantId !== null) {
    throw appError("forbidden", {
      reason: "only whoever runs the installation names its operators",
    });
  }
  if (wanted === true && role !== "operator") {
    throw appError("validationFailed", { field: "role", reason: "must be operator for that" });
  }
  return role === "operator" && (wanted ?? before.runs_installation);
}

/** Takes a person out of use and ends what they have open, or lets them in again. */
export function setPersonDisabled(
  pool: Pool,
  by: Actor,
  { userId, isDisabled }: { readonly userId: string; readonly isDisabled: boolean },
): Promise<void> {
  return audited(pool, by, isDisabled ? "person disabled" : "person enabled", async (tx, note) => {
    const before = await loadForChange(tx, by, userId);
    if (isDisabled) {
      await keepAnOwner(tx, before, userId);
      await tx.query("delete from session where user_id = $1", [userId]);
      await tx.query("delete from sign_in_link where user_id = $1", [userId]);
    }
    await runStatement(tx, disablePerson, [userId, isDisabled, new Date(by.at)]);
    note({ tenantId: before.tenant_id, subject: userId });
  });
}

/** Removes a person with their sessions and links. What they did stays in the audit, under their id. */
export function removePerson(pool: Pool, by: Actor, userId: string): Promise<void> {
  return audited(pool, by, "person removed", async (tx, note) => {
    const before = await loadForChange(tx, by, userId);
    await keepAnOwner(tx, before, userId);
    await tx.query("delete from app_user where user_id = $1", [userId]);
    note({ tenantId: before.tenant_id, subject: userId, detail: factsOf(before) });
  });
}

/**
 * Makes a link for a person who is there: an invitation until they have a password, else one that sets a new
 * one. Answers its token.
 */
export function inviteAgain(pool: Pool, by: Actor, userId: string): Promise<string> {
  return audited(pool, by, "link made", async (tx, note) => {
    const { tenant_id: tenantId, has_password, is_disabled } = await loadForChange(tx, by, userId);
    if (is_disabled) throw appError("conflict", { reason: "the person is disabled" });
    const purpose = has_password ? "reset" : "invite";
    note({ tenantId, subject: userId, detail: { purpose } });
    return issueLink(tx, { userId, tenantId, purpose }, by.at);
  });
}

async function loadForChange(tx: Transaction, by: Actor, userId: string): Promise<PersonRow> {
  const { rows } = await runStatement<PersonRow & Record<string, unknown>>(tx, lockPerson, [
    userId,
    by.tenantId,
  ]);
  if (rows[0] === undefined) throw appError("notFound", { what: `person ${userId}` });
  return rows[0];
}

/** Refuses to take a tenant's last owner away: nobody of the tenant could bring one back. */
async function keepAnOwner(tx: Transaction, person: PersonRow, userId: string): Promise<void> {
  if (person.role !== "owner" || person.is_disabled) return;
  await runStatement(tx, lockTenantOfOwners, [person.tenant_id]);
  const { rows } = await runStatement(tx, selectOtherOwner, [person.tenant_id, userId]);
  if (rows.length > 0) return;
  throw appError("conflict", { reason: "this is the tenant's last owner; make another one first" });
}
