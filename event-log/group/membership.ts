/**
 * Who owns which partition, held as advisory locks of one session per process.
 *
 * Each member of a group locks a key of its own besides its partitions, so that `pg_locks` shows the whole
 * group and nothing has to expire: a killed process closes its connection, and the server ends the session
 * of a stopped one. Ownership only saves work; the checkpoint keeps a zombie from doing harm.
 */

import { randomInt } from "node:crypto";
import type { Logger } from "@tillcast/core";
import {
  type DedicatedConnection,
  openDedicatedConnection,
  type Session,
} from "@tillcast/core/database";
import { declareLoop, type Loop, startLoop } from "@tillcast/core/work";
import type { GroupLimits } from "./group-limits.ts";
import { planShare } from "./group-shares.ts";
import { lockClassBase, memberKeyMax, selectLocks, tryLock, unlock } from "./locks.ts";

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
  /** Shown in `pg_stat_activity`, with the connection's task behind it. */
  readonly applicationName: string;
  readonly log: Logger;
  readonly limits: GroupLimits;
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

const sharesLoop = declareLoop({
  name: "log shares",
  does: "takes and gives back partitions, so that the members of a group have equal shares",
  every: 500,
  stops: "gives every partition back",
});

/** Starts a process's membership; it connects when the first member joins. */
export function startMembership(deps: MembershipDeps): Membership {
  const { limits } = deps;
  const seats = new Set<Seat>();
  let lastSeenAt = performance.now();
  let ticking: Promise<void> | undefined;

  let connection: DedicatedConnection | undefined;
  let loop: Loop | undefined;

  function open(): void {
    loop ??= startLoop(sharesLoop, { everyMs: limits.shareIntervalMs, log: deps.log, step: tick });
    connection ??= openDedicatedConnection({
      url: deps.url,
      applicationName: `${deps.applicationName} log membership`,
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
    const session = connection?.session();
    if (session === undefined) return;
    if (performance.now() - lastSeenAt > limits.lockLeaseMs) {
      connection?.discard("the lock session was silent for longer than its lease");
      return;
    }
    const startedAt = performance.now();
    try {
      for (const seat of seats) await takeSeat(session, seat);
      const locks = await selectLocks(session, [...new Set([...seats].map(classOf))]);
      lastSeenAt = startedAt;
      for (const seat of seats) await balance(session, seat, locks.get(classOf(seat)) ?? []);
    } catch (error) {
      if (isCurrent(session)) connection?.discard(error);
    }
  }

  /** What a lost session answered means nothing any more. */
  function isCurrent(session: Session): boolean {
    return connection?.session() === session;
  }

  async function takeSeat(session: Session, seat: Seat): Promise<void> {
    if (seat.isSeated || seat.isLeaving) return;
    const isGranted = await tryLock(session, classOf(seat), seat.key);
    if (isGranted && isCurrent(session)) seat.isSeated = true;
  }

  async function balance(session: Session, seat: Seat, locks: readonly number[]): Promise<void> {
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
      const isGranted = await tryLock(session, classOf(seat), partition);
      if (!isGranted || !isCurrent(session)) continue;
      if (seat.isLeaving) {
        await unlock(session, classOf(seat), partition);
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
    const session = connection?.session();
    await seat.member.onGiveBack(partition);
    // A lost session has given everything back; by now another one may hold the partition again.
    if (session === undefined || !isCurrent(session)) return;
    await unlockOrDiscard(session, classOf(seat), partition);
    if (!isCurrent(session)) return;
    seat.held.delete(partition);
    seat.givingBack.delete(partition);
  }

  async function leave(seat: Seat): Promise<void> {
    seat.isLeaving = true;
    // A step under way may just be taking something for this seat.
    await ticking;
    await Promise.all([...seat.held].map((partition) => giveBack(seat, partition)));
    const session = connection?.session();
    if (seat.isSeated && session !== undefined) {
      await unlockOrDiscard(session, classOf(seat), seat.key);
    }
    seats.delete(seat);
  }

  async function unlockOrDiscard(session: Session, lockClass: number, key: number): Promise<void> {
    try {
      await unlock(session, lockClass, key);
    } catch (error) {
      if (isCurrent(session)) connection?.discard(error);
    }
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
      await loop?.stop();
      await Promise.all([...seats].map(leave));
      await ticking;
      await connection?.close();
    },
  };
}

function classOf(seat: Seat): number {
  return lockClassBase + seat.member.lockClass;
}
