import type { Pool } from "pg";
import type { Logger } from "../../logging.ts";
import { changeTopics, forgetChanges, type WaitingChange } from "./change-rows.ts";

/** The part of an event log that tells of changes. */
export interface ChangeLog {
  append(
    topic: string,
    records: readonly { readonly key: string; readonly value: Buffer }[],
  ): Promise<unknown>;
}

/** What telling stands on. */
export interface SayDeps {
  readonly pool: Pool;
  readonly eventLog: ChangeLog;
  readonly log: Logger;
}

/** A change with the record that tells of it. */
export type SayableChange = WaitingChange & { readonly record: Buffer };

/** Appends the records of changes, topic by topic in the order of the changes, and forgets them. */
export async function sayChanges(
  { pool, eventLog }: Omit<SayDeps, "log">,
  changes: readonly SayableChange[],
): Promise<void> {
  for (const [kind, topic] of Object.entries(changeTopics)) {
    const ofKind = changes.filter((change) => change.kind === kind);
    if (ofKind.length === 0) continue;
    await eventLog.append(
      topic,
      ofKind.map(({ subject, record }) => ({ key: subject, value: record })),
    );
    await forgetChanges(pool, ofKind);
  }
}

/** Tells at once what a transaction that has committed wrote down; what fails is left to the publisher. */
export async function sayAtOnce(deps: SayDeps, changes: readonly WaitingChange[]): Promise<void> {
  try {
    await sayChanges(deps, changes.filter(isSayable));
  } catch (error) {
    deps.log.warn({ err: error, changes: changes.length }, "changes not told at once; told later");
  }
}

/** Whether a change brings its record. */
export const isSayable = (change: WaitingChange): change is SayableChange => change.record !== null;
