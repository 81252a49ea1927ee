import type { Logger } from "@tillcast/core";
import { runStatement, type Statement } from "@tillcast/core/database";
import { declareLoop, startLoop } from "@tillcast/core/work";
import type { Pool } from "pg";
import { forgetApiKeys } from "../keys/api-keys.ts";

const accessLoop = declareLoop({
  name: "access",
  does: "forgets remembered keys and looks up open sockets again once somebody may have lost access",
  every: 1_000,
  first: "after a rest",
});

const selectRevision: Statement = {
  name: "access-select-revision",
  text: "select last_value::text as revision from access_revision",
};

/** Tells of every change that may take access away, in whichever process it was made. */
export interface AccessWatch {
  /** Calls the listener within about two seconds of a change. */
  onChange(listener: () => void): void;
  /** Stops after the turn under way. Safe to call twice. */
  stop(): Promise<void>;
}

/**
 * Reads the revision of access every second. The revision can be seen a moment before its change, so each change
 * is told twice, a turn apart. What was never told ends with the limits of the caches.
 */
export async function watchAccess({
  pool,
  log,
}: {
  readonly pool: Pool;
  readonly log: Logger;
}): Promise<AccessWatch> {
  const listeners: (() => void)[] = [() => forgetApiKeys(pool)];
  const revisionNow = async (): Promise<string | undefined> => {
    const { rows } = await runStatement<{ revision: string }>(pool, selectRevision, []);
    return rows[0]?.revision;
  };
  let known = await revisionNow();
  let isToldAgain = false;
  const loop = startLoop(accessLoop, {
    log,
    async step() {
      const revision = await revisionNow();
      const isChanged = revision !== known;
      if (isChanged || isToldAgain) for (const listener of listeners) listener();
      isToldAgain = isChanged;
      known = revision;
    },
  });
  return {
    onChange: (listener) => void listeners.push(listener),
    stop: () => loop.stop(),
  };
}
