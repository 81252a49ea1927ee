/** Every change that a person, a key or an operator makes, written down in the change's own transaction. */
import type { ClientBase, Pool } from "pg";
import { inTransaction, type Transaction } from "../database/transaction.ts";
import { appError } from "../errors.ts";
import { currentOperator } from "./operator-audit.ts";

/** Who changes something, from where and when. */
export interface Actor {
  readonly kind: "person" | "key" | "operator" | "system" | "stranger";
  /** A person's or a key's id, or an operator's user@host: what the audit keeps. */
  readonly id: string;
  /** What histories that people read call the actor, such as an email. */
  readonly name: string;
  /** The only tenant whose rows may be changed; null for whoever runs the installation. */
  readonly tenantId: string | null;
  readonly address: string | null;
  readonly requestId: string | null;
  /** UTC milliseconds. */
  readonly at: number;
  /** Hears of each row that is written. */
  readonly onWritten?: () => void;
}

/** What was changed. */
export interface AuditFacts {
  /** Whose it is; null for the installation. */
  readonly tenantId: string | null;
  /** The id of what was changed. */
  readonly subject: string;
  /** What a reader needs besides, without secrets; for a change how it was and how it is. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** Says what was changed; each call is one row. */
export type Note = (facts: AuditFacts) => void;

/** Whoever runs this process, for commands. */
export const operatorActor = (nowMs: number): Actor => ({
  kind: "operator",
  id: currentOperator(),
  name: currentOperator(),
  tenantId: null,
  address: null,
  requestId: null,
  at: nowMs,
});

const insertEventSql = `
  insert into audit_event (at, tenant_id, actor_kind, actor, action, subject, detail, address, request_id)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`;

/**
 * Runs a change in one transaction, which also writes down who made it. `action` is two or three words, such
 * as "key revoked". A change that notes nothing is a mistake in the program, and is not made.
 */
export async function audited<Result>(
  pool: Pool,
  by: Actor,
  action: string,
  work: (tx: Transaction, note: Note) => Promise<Result>,
): Promise<Result> {
  return inTransaction(pool, async (tx) => {
    const noted: AuditFacts[] = [];
    const result = await work(tx, (facts) => noted.push(facts));
    if (noted.length === 0) {
      throw appError("internal", { reason: `"${action}" does not say what it changed` });
    }
    for (const facts of noted) await writeAuditEvent(tx, by, action, facts);
    return result;
  });
}

/** Writes one event down, where no change of ours has a transaction: a refusal, or work that is only asked for. */
export async function writeAuditEvent(
  db: Pick<ClientBase, "query">,
  by: Actor,
  action: string,
  { tenantId, subject, detail = {} }: AuditFacts,
): Promise<void> {
  const { at, kind, id, address, requestId } = by;
  const text = JSON.stringify(detail, (_, value) =>
    typeof value === "bigint" ? String(value) : value,
  );
  await db.query(insertEventSql, [
    ...[new Date(at), tenantId, kind, id, action, subject, text],
    ...[address, requestId],
  ]);
  by.onWritten?.();
}
