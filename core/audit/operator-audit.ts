/** What operators change by hand, kept for good: who, when, and how it was before. */

import { hostname, userInfo } from "node:os";
import type { ClientBase } from "pg";

/** A change by hand. */
export interface OperatorAction {
  /** UTC milliseconds. */
  readonly at: number;
  /** The command, such as `log adopt`. */
  readonly action: string;
  /** What it was done to. */
  readonly subject: string;
  readonly before: unknown;
  readonly after: unknown;
  /** A person of a tenant; by default whoever runs this process. */
  readonly who?: string;
}

const insertActionSql = `
  insert into operator_audit (at, who, action, subject, before, after)
  values ($1, $2, $3, $4, $5, $6)`;

/** Writes an action down, in the transaction that does it. */
export async function auditAction(
  tx: Pick<ClientBase, "query">,
  { at, action, subject, before, after, who = currentOperator() }: OperatorAction,
): Promise<void> {
  const values = [JSON.stringify(before), JSON.stringify(after)];
  await tx.query(insertActionSql, [new Date(at), who, action, subject, ...values]);
}

/** Whoever runs this process: a command has no other sign-in than the machine's. */
export const currentOperator = (): string => `${userInfo().username}@${hostname()}`;
