import type { Principal } from "@tillcast/accounts";
import type { Clock } from "@tillcast/core";
import { asTenant, type Database } from "@tillcast/core/database";
import type { LiveCursor, LiveSnapshot } from "@tillcast/schemas";
import type { Pool } from "pg";
import { loadLiveSnapshot } from "../queries/live-snapshot.ts";
import { loadStore } from "../queries/stores.ts";
import type { Relay } from "./relay.ts";

/**
 * Reads the first picture of a store for one who may see it; throws `notFound` for anybody else. Without
 * a date it is that of the present business day; one that is no date, or ahead, is `validationFailed`.
 */
export type ReadSnapshot = (
  principal: Principal,
  storeId: string,
  date?: string,
) => Promise<LiveSnapshot>;

/**
 * Makes the reader. The picture comes from the replica where there is one, unless the replica has not
 * yet seen what the store's room was told: then a client would ask again and again.
 */
export function makeReadSnapshot(deps: {
  readonly database: Pick<Database, "read" | "tenant" | "share">;
  readonly clock: Clock;
  readonly newest: Relay["newest"];
}): ReadSnapshot {
  const { database, clock } = deps;
  return async (principal, storeId, date) => {
    const { tenantId } = principal;
    const readFrom = (pool: Pool): Promise<LiveSnapshot> =>
      database.share.run(tenantId, () =>
        asTenant(
          pool,
          tenantId,
          async (tx) =>
            loadLiveSnapshot(tx, await loadStore(tx, principal, storeId), clock.now(), date),
          { isolation: "repeatable read", readOnly: true },
        ),
      );
    const told = deps.newest(storeId);
    const snapshot = await readFrom(database.read);
    if (database.read === database.tenant || !isBehind(snapshot.cursor, told)) return snapshot;
    return readFrom(database.tenant);
  };
}

function isBehind(cursor: LiveCursor, told: ReturnType<Relay["newest"]>): boolean {
  if (told === undefined) return false;
  if (cursor.epoch < told.epoch) return true;
  const isSameEpoch = cursor.epoch === told.epoch;
  return (
    (isSameEpoch && cursor.windows < told.windows) ||
    cursor.forecast < told.forecast ||
    cursor.alerts < told.alerts ||
    cursor.feeds < told.feeds
  );
}
