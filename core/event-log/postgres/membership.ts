/**
 * Who owns which partition, held as advisory locks of one session per process.
 *
 * Each member of a group locks a key of its own besides its partitions, so that `pg_locks` shows the whole
 * group and nothing has to expire: a killed process closes its connection, and the server ends the session
 * of a stopped one. Ownership only saves work; the checkpoint keeps a zombie from doing harm.
 */

import { randomInt } from "node:crypto";
import type pg from "pg";
import type { Logger } from "../../logging.ts";
import { type DedicatedConnection, openDedicatedConnection } from "./dedicated-connection.ts";
import { planShare } from "./group-shares.ts";
import type { PostgresLogLimits } from "./limits.ts";

/** What a subscription tells the membership, and hears from it. */
export interface Member {
  /** The group's number from `log_group`. */
  readonly lockClass: number;
  readonly partitions: number;
  /** This member owns the partition from now on. */
  readonly onTaken: (partition: number) => void;
  /** Others shall have the partition: resolves when no work is under way on it. */
  readonly onGiveBack: (partition: number) => Promise<void>;
  /** The session is gone, and every partition with it. */
  readonly onLost: () => void;
}

/** A member's place in its group. */
export interface Place {
  /** Gives all partitions back and leaves the group. */
  leave(): Promise<void>;
}

export interface Membership {
  join(member: Member): Place;
  close(): Promise<void>;
}

export interface MembershipDeps {
  readonly url: string;
  readonly log: Logger;
  readonly limits: PostgresLogLimits;
}

interface Seat {
  readonly member: Member;
  /** The member's own lock: negative, where partitions are not. */
  readonly key: number;
  isSeated: boolean;
  isLeaving: boolean;
  readonly held: Set<number>;
  readonly givingBack: Map<number, Promise<void>>;
}

interface LockRow {
  readonly lock_class: string;
  readonly lock_key: string;
}

/** Keeps our two-part advisory locks apart from those of others; "TL" in the upper half. */
const lockClassBase = 0x544c0000;
const memberKeyMax = 2 ** 31;

const selectLocksSql = `
  select classid::bigint as lock_class, objid::bigint as lock_key from pg_locks
  where locktype = 'advisory' and objsubid = 2 and granted and classid::bigint = any($1::bigint[])
    and database = (select oid from pg_database where datname = current_database())`;

/** Starts a process's membership; it connects when the first member joins. */
export function startMembership(deps: MembershipDeps): Membership {
  const { limits } = deps;
  const seats = new Set<Seat>();
  let lastSeenAt = performance.now();
  let session = 0;
  let ticking: Promise<void> | undefined;

  let connection: DedicatedConnection | undefined;
  let timer: NodeJS.Timeout | undefined;

  function open(): void {
    timer ??= setInterval(() => void tick(), limits.shareIntervalMs);
    connection ??= openDedicatedConnection({
      url: deps.url,
      applicationName: "tillcast event log membership",
      settings: { idle_session_timeout: limits.lockSessionIdleMs },
      log: deps.log,
      onReady: () => {
        lastSeenAt = performance.now();
        void tick();
      },
      onLost: loseAll,
    });
  }

  function loseAll(): void {
    session += 1;
    for (const seat of seats) {
      if (!seat.isSeated) continue;
      seat.isSeated = false;
      seat.held.clear();
      seat.givingBack.clear();
      seat.member.onLost();
    }
  }

  function tick(): Promise<void> {
    ticking ??= shareOnce().finally(() => {
      ticking = undefined;
    });
    return ticking;
  }

  async function shareOnce(): Promise<void> {
    const client = connection?.client();
    if (client === undefined) return;
    if (performance.now() - lastSeenAt > limits.lockLeaseMs) {
      connection?.discard("the lock session was silent for longer than its lease");
      return;
    }
    const startedAt = performance.now();
    try {
      for (const seat of seats) await takeSeat(client, seat);
      const locks = await selectLocks(client);
      lastSeenAt = startedAt;
      for (const seat of seats) await balance(client, seat, locks.get(classOf(seat)) ?? []);
    } catch (error) {
      // Only a connection that was not lost meanwhile is given up.
      if (connection?.client() === client) connection.discard(error);
    }
  }

  async function takeSeat(client: pg.Client, seat: Seat): Promise<void> {
    if (seat.isSeated || seat.isLeaving) return;
    const during = session;
    const isGranted = await tryLock(client, classOf(seat), seat.key);
    if (isGranted && during === session) seat.isSeated = true;
  }

  async function selectLocks(client: pg.Client): Promise<Map<number, number[]>> {
    const classes = [...new Set([...seats].map(classOf))];
    const { rows } = await client.query<LockRow>(selectLocksSql, [classes]);
    const locks = new Map<number, number[]>();
    for (const row of rows) {
      const ofClass = locks.get(Number(row.lock_class)) ?? [];
      // The view shows keys without their sign.
      ofClass.push(Number(row.lock_key) | 0);
      locks.set(Number(row.lock_class), ofClass);
    }
    return locks;
  }

  async function balance(client: pg.Client, seat: Seat, locks: readonly number[]): Promise<void> {
    if (!seat.isSeated || seat.isLeaving) return;
    const plan = planShare({
      members: locks.filter((key) => key < 0),
      me: seat.key,
      partitions: seat.member.partitions,
      taken: new Set([...locks.filter((key) => key >= 0), ...heldHere(classOf(seat))]),
      mine: seat.held,
    });
    for (const partition of plan.giveBack) void giveBack(seat, partition);
    for (const partition of plan.take) {
      const during = session;
      if (!(await tryLock(client, classOf(seat), partition)) || during !== session) continue;
      if (seat.isLeaving) {
        await unlock(client, classOf(seat), partition);
      } else {
        seat.held.add(partition);
        seat.member.onTaken(partition);
      }
    }
  }

  /** Advisory locks are granted twice to one session: two members here must not share a partition. */
  function heldHere(lockClass: number): number[] {
    return [...seats]
      .filter((seat) => classOf(seat) === lockClass)
      .flatMap((seat) => [...seat.held]);
  }

  function giveBack(seat: Seat, partition: number): Promise<void> {
    const underWay = seat.givingBack.get(partition);
    if (underWay !== undefined) return underWay;
    const giving = stopAndUnlock(seat, partition);
    seat.givingBack.set(partition, giving);
    return giving;
  }

  async function stopAndUnlock(seat: Seat, partition: number): Promise<void> {
    const during = session;
    await seat.member.onGiveBack(partition);
    // A lost session has given everything back; by now another one may hold the partition again.
    if (during !== session) return;
    await unlockOrDiscard(classOf(seat), partition);
    if (during !== session) return;
    seat.held.delete(partition);
    seat.givingBack.delete(partition);
  }

  async function leave(seat: Seat): Promise<void> {
    seat.isLeaving = true;
    // A step under way may just be taking something for this seat.
    await ticking;
    await Promise.all([...seat.held].map((partition) => giveBack(seat, partition)));
    if (seat.isSeated) await unlockOrDiscard(classOf(seat), seat.key);
    seats.delete(seat);
  }

  async function unlockOrDiscard(lockClass: number, key: number): Promise<void> {
    const client = connection?.client();
    if (client === undefined) return;
    await unlock(client, lockClass, key).catch((error) => connection?.discard(error));
  }

  return {
    join(member) {
      const seat: Seat = {
        member,
        key: -randomInt(1, memberKeyMax),
        isSeated: false,
        isLeaving: false,
        held: new Set(),
        givingBack: new Map(),
      };
      seats.add(seat);
      open();
      void Promise.resolve(ticking).then(tick);
      return { leave: () => leave(seat) };
    },
    async close() {
      clearInterval(timer);
      await Promise.all([...seats].map(leave));
      await ticking;
      await connection?.close();
    },
  };
}

function classOf(seat: Seat): number {
  return lockClassBase + seat.member.lockClass;
}

async function tryLock(client: pg.Client, lockClass: number, key: number): Promise<boolean> {
  const { rows } = await client.query<{ granted: boolean }>(
    "select pg_try_advisory_lock($1::int, $2::int) as granted",
    [lockClass, key],
  );
  return rows[0]?.granted === true;
}

async function unlock(client: pg.Client, lockClass: number, key: number): Promise<void> {
  await client.query("select pg_advisory_unlock($1::int, $2::int)", [lockClass, key]);
}
