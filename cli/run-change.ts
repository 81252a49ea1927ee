import {
  type Actor,
  type AuditFacts,
  appError,
  operatorActor,
  systemClock,
  writeAuditEvent,
} from "@tillcast/core";
import type { Command } from "commander";
import type { Pool } from "pg";
import { type ActionContext, type ActionResult, runAction } from "./run-action.ts";

/** What the work of a command gets that changes something. */
export interface ChangeContext extends ActionContext {
  /** Whoever runs the command, for the use case that writes the change down. */
  readonly by: Actor;
  /** Writes down that the command was asked for, where its work is no single transaction. */
  readonly asked: (pool: Pool, facts: AuditFacts) => Promise<void>;
}

/** An answer; `isRead` where the command was asked to show something and changed nothing. */
export interface ChangeResult extends ActionResult {
  readonly isRead?: boolean;
}

/**
 * Runs a command that changes something, as `runAction`; one that changed something and wrote no row of the
 * audit is a mistake in the program.
 */
export function runChange(
  command: Command,
  work: (context: ChangeContext) => Promise<ChangeResult>,
): Promise<void> {
  const action = nameOf(command);
  let rows = 0;
  const by: Actor = {
    ...operatorActor(systemClock.now()),
    onWritten: () => {
      rows += 1;
    },
  };
  return runAction(command, async (context) => {
    const asked = (pool: Pool, facts: AuditFacts) => writeAuditEvent(pool, by, action, facts);
    const answer = await work({ ...context, by, asked });
    if (answer.ok && answer.isRead !== true && rows === 0) {
      throw appError("internal", { reason: `"${action}" wrote nothing to the audit` });
    }
    return answer;
  });
}

/** Such as `user create`. */
function nameOf(command: Command): string {
  const parent = command.parent;
  const isTop = parent === null || parent.parent === null;
  return isTop ? command.name() : `${parent.name()} ${command.name()}`;
}
