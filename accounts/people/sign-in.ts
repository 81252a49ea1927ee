import { createHash } from "node:crypto";
import { type Actor, appError, audited, findAppError, writeAuditEvent } from "@tillcast/core";
import { runStatement, type Statement, type Transaction } from "@tillcast/core/database";
import type { ClientBase, Pool } from "pg";
import { refuseDisabledTenant } from "../tenants/disabled-tenant.ts";
import { hashGoodPassword } from "./good-password.ts";
import { isKnownBrowser, rememberBrowser } from "./known-browser.ts";
import { verifyPassword } from "./passwords.ts";
import { createSession, endSession } from "./sessions.ts";
import { type Attempt, countSignIn, forgiveSignIn } from "./sign-in-delays.ts";
import { consumeLink, findLinkOwner } from "./sign-in-links.ts";
import { hashToken } from "./tokens.ts";

/** How long what is opened lasts, and which browser opens it. */
export interface SessionTerms {
  /** Milliseconds. */
  readonly lifeMs: number;
  readonly idleLimitMs: number;
  readonly browser?: string | undefined;
  /** What the browser's cookie says, where it has one. */
  readonly browserToken?: string | undefined;
  /** Failures of one email from one network that cost nothing. */
  readonly freeTries: number;
}

/** A session that was opened; the token is for the cookie. */
export interface SignedIn {
  readonly userId: string;
  readonly tenantId: string;
  readonly token: string;
  /** For the cookie by which the browser is known from now on. */
  readonly browserToken: string;
}

interface PersonRow {
  readonly user_id: string;
  readonly tenant_id: string;
  readonly email: string;
  readonly password_hash: string | null;
  readonly is_disabled: boolean;
  readonly is_tenant_disabled: boolean;
}

const personColumns = `
  select
    u.user_id,
    u.tenant_id,
    u.email,
    u.password_hash,
    u.disabled_at is not null as is_disabled,
    t.disabled_at is not null as is_tenant_disabled
  from app_user u
  join tenant t on t.tenant_id = u.tenant_id`;

const selectByEmail: Statement = {
  name: "sign-in-by-email",
  text: `${personColumns} where u.email = $1`,
};

const selectById: Statement = {
  name: "sign-in-by-id",
  text: `${personColumns} where u.user_id = $1`,
};

/** The same for an email that nobody has and for a wrong password, so that neither tells the other. */
const refused = "the email or the password is wrong";

/**
 * Signs in with email and password; upper and lower case of the email are one. Failures make further attempts
 * wait (`sign-in-delays.ts`).
 */
export async function signIn(
  pool: Pool,
  by: Actor,
  { email, password }: { readonly email: string; readonly password: string },
  terms: SessionTerms,
): Promise<SignedIn> {
  const wanted = email.trim().toLowerCase();
  const { token: knownToken, attempt } = await attemptOf(pool, by, wanted, terms);
  await countSignIn(pool, attempt);
  const { rows } = await runStatement<PersonRow & Record<string, unknown>>(pool, selectByEmail, [
    wanted,
  ]);
  const [person] = rows;
  const isRight = await verifyPassword(person?.password_hash, password);
  if (person === undefined || !isRight) {
    await writeAuditEvent(pool, by, "sign-in failed", {
      tenantId: person?.tenant_id ?? null,
      subject: person?.user_id ?? digestOf(wanted),
    });
    throw appError("unauthenticated", { reason: refused });
  }
  refuseDisabled(person);
  return audited(pool, { ...by, ...asPerson(person) }, "signed in", async (tx, note) => {
    note({ tenantId: person.tenant_id, subject: person.user_id });
    await forgiveSignIn(tx, attempt);
    return openSession(tx, by, person, { ...terms, browserToken: knownToken });
  });
}

/**
 * Redeems a link, which works once; with a password, that becomes the person's from now on, and ends the
 * sessions and links that were there before it.
 */
export async function signInByLink(
  pool: Pool,
  by: Actor,
  { token, password }: { readonly token: string; readonly password?: string | undefined },
  terms: SessionTerms,
): Promise<SignedIn> {
  const attempt: Attempt = { address: by.address ?? "", freeTries: terms.freeTries, at: by.at };
  await countSignIn(pool, attempt);
  const passwordHash =
    password === undefined ? undefined : await hashForLink(pool, by, token, password);
  const signedIn = audited(pool, by, "link used", async (tx, note) => {
    const userId = await consumeLink(tx, hashToken(token), by.at);
    const person = userId === undefined ? undefined : await loadPerson(tx, userId);
    if (person === undefined) throw appError("unauthenticated", { reason: linkRefused });
    refuseDisabled(person);
    if (passwordHash !== undefined) await setPassword(tx, person.user_id, passwordHash);
    const setsPassword = passwordHash !== undefined;
    note({ tenantId: person.tenant_id, subject: person.user_id, detail: { setsPassword } });
    await forgiveSignIn(tx, attempt);
    return openSession(tx, by, person, { ...terms, browserToken: undefined });
  });
  return signedIn.catch(async (error: unknown) => {
    if (findAppError(error)?.fields.reason === linkRefused) {
      await writeAuditEvent(pool, by, "link refused", { tenantId: null, subject: "link" });
    }
    throw error;
  });
}

/**
 * The hash of the password that a link is to set; undefined where there is no such link. It takes long, so the
 * transaction does not wait for it; and a password that is refused does not use the link up.
 */
async function hashForLink(
  pool: Pool,
  by: Actor,
  token: string,
  text: string,
): Promise<string | undefined> {
  const userId = await findLinkOwner(pool, hashToken(token), by.at);
  const person = userId === undefined ? undefined : await loadPerson(pool, userId);
  if (person === undefined) return undefined;
  const of = { tenantId: person.tenant_id, email: person.email };
  return hashGoodPassword(pool, { text, field: "body.password", of });
}

const linkRefused = "the link is unknown, used or expired";

/** Who tries; a known browser of that person is counted by itself. */
async function attemptOf(
  pool: Pool,
  by: Actor,
  email: string,
  { browserToken, freeTries }: SessionTerms,
): Promise<{ readonly token: string | undefined; readonly attempt: Attempt }> {
  const isKnown =
    browserToken !== undefined &&
    (await isKnownBrowser(pool, { token: browserToken, email, at: by.at }));
  const token = isKnown ? browserToken : undefined;
  const attempt = { address: by.address ?? "", email, freeTries, at: by.at };
  return { token, attempt: token === undefined ? attempt : { ...attempt, browser: token } };
}

const asPerson = ({ user_id, email }: PersonRow) =>
  ({ kind: "person", id: user_id, name: email }) as const;

/** A word that a stranger typed may be a password in the wrong field: only its digest is kept. */
const digestOf = (text: string): string =>
  `sha256:${createHash("sha256").update(text).digest("hex").slice(0, 16)}`;

/** Only whoever knows the password, or has the link, is told. */
function refuseDisabled({ is_disabled, is_tenant_disabled }: PersonRow): void {
  refuseDisabledTenant(is_tenant_disabled);
  if (is_disabled) throw appError("forbidden", { reason: "this account is disabled" });
}

async function loadPerson(
  tx: Pick<ClientBase, "query">,
  userId: string,
): Promise<PersonRow | undefined> {
  const { rows } = await runStatement<PersonRow & Record<string, unknown>>(tx, selectById, [
    userId,
  ]);
  return rows[0];
}

async function setPassword(tx: Transaction, userId: string, passwordHash: string): Promise<void> {
  const values = [userId, passwordHash];
  await tx.query("update app_user set password_hash = $2 where user_id = $1", values);
  await tx.query("delete from session where user_id = $1", [userId]);
  await tx.query("delete from sign_in_link where user_id = $1", [userId]);
  await tx.query("delete from known_browser where user_id = $1", [userId]);
}

async function openSession(
  tx: Transaction,
  by: Actor,
  { user_id: userId, tenant_id: tenantId }: PersonRow,
  { lifeMs, idleLimitMs, browser, browserToken: knownToken }: SessionTerms,
): Promise<SignedIn> {
  const { token } = await createSession(tx, {
    userId,
    tenantId,
    createdAt: by.at,
    expiresAt: by.at + lifeMs,
    idleLimitMs,
    ...(by.address !== null && { address: by.address }),
    ...(browser !== undefined && { browser }),
  });
  const browserToken = await rememberBrowser(tx, { userId, tenantId, knownToken, at: by.at });
  return { userId, tenantId, token, browserToken };
}

/** Signs out: ends a session by its id (`Principal.sessionId`); ending it twice is no fault. */
export function signOut(pool: Pool, by: Actor, sessionId: string): Promise<void> {
  return audited(pool, by, "signed out", async (tx, note) => {
    await endSession(tx, sessionId);
    note({ tenantId: by.tenantId, subject: by.id });
  });
}
