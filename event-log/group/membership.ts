/**
 * Assigns partitions to the members of a group. Advisory locks of one database session per process hold
 * the assignment.
 *
 * Each member also locks a key of its own, so that `pg_locks` shows the whole group. No lock has to expire:
 * a killed process closes its connection, and the server ends the session of a process that hangs. The
 * assignment only saves work. Checkpoints stop a member that works on a partition which it has lost.
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
import { lockClassBase, memberKeyMax, selectLocks, tryLock, unlock } from "./locks.ts";
import { planAssignment } from "./partition-assignment.ts";

/** What a subscription tells the membership, and what the membership calls. */
export interface MemberOptions {
  /** The group's number in `log_group`. */
  readonly lockClass: number;
  readonly partitions: number;
  /** Called when this member owns a partition. */
  readonly onTaken: (partition: number) => void;
  /** Called when the partition goes to another member. Resolves when no work runs on it. */
  readonly onGiveBack: (partition: number) => Promise<void>;
  /** Called when the session is lost, and with it every partition. */
  readonly onLost: () => void;
}

/** A group that this process has joined. */
export interface JoinedGroup {
  /** Gives all partitions back, then leaves the group. */
  leave(): Promise<void>;
}

export interface Membership {
  join(options: MemberOptions): JoinedGroup;
  close(): Promise<void>;
}

export interface MembershipDeps {
  readonly url: string;
  /** Shown in `pg_stat_activity`, followed by the connection's task. */
  readonly applicationName: string;
  readonly log: Logger;
  readonly limits: GroupLimits;
}

interface Member {
  readonly options: MemberOptions;
  /** The member's own lock key. It is negative; partitions' keys are not. */
  readonly key: number;
  isJoined: boolean;
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

/** Starts a process's membership. It connects when the first member joins. */
export function startMembership(deps: MembershipDeps): Membership {
  const { limits } = deps;
  const members = new Set<Member>();
  let lastSeenAt = performance.now();
  let ticking: Promise<void> | undefined;

  let connection: DedicatedConnection | undefined;
  let loop: Loop | undefined;

  function open(): void {
    loop ??= startLoop(sharesLoop, { everyMs: limits.assignIntervalMs, log: deps.log, step: tick });
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
    for (const member of members) {
      if (!member.isJoined) continue;
      member.isJoined = false;
      member.held.clear();
      member.givingBack.clear();
      member.options.onLost();
    }
  }

  function tick(): Promise<void> {
    ticking ??= assignOnce().finally(() => {
      ticking = undefined;
    });
    return ticking;
  }

  async function assignOnce(): Promise<void> {
    const session = connection?.session();
    if (session === undefined) return;
    if (performance.now() - lastSeenAt > limits.lockLeaseMs) {
      connection?.discard("the lock session did not answer within its lease");
      return;
    }
    const startedAt = performance.now();
    try {
      for (const member of members) await joinGroup(session, member);
      const locks = await selectLocks(session, [...new Set([...members].map(classOf))]);
      lastSeenAt = startedAt;
      for (const member of members)
        await balance(session, member, locks.get(classOf(member)) ?? []);
    } catch (error) {
      if (isCurrent(session)) connection?.discard(error);
    }
  }

  /** Results of a lost session are ignored. */
  function isCurrent(session: Session): boolean {
    return connection?.session() === session;
  }

  async function joinGroup(session: Session, member: Member): Promise<void> {
    if (member.isJoined || member.isLeaving) return;
    const isGranted = await tryLock(session, classOf(member), member.key);
    if (isGranted && isCurrent(session)) member.isJoined = true;
  }

  async function balance(
    session: Session,
    member: Member,
    locks: readonly number[],
  ): Promise<void> {
    if (!member.isJoined || member.isLeaving) return;
    const plan = planAssignment({
      members: locks.filter((key) => key < 0),
      me: member.key,
      partitions: member.options.partitions,
      taken: new Set([...locks.filter((key) => key >= 0), ...heldHere(classOf(member))]),
      mine: member.held,
    });
    for (const partition of plan.giveBack) void giveBack(member, partition);
    for (const partition of plan.take) {
      const isGranted = await tryLock(session, classOf(member), partition);
      if (!isGranted || !isCurrent(session)) continue;
      if (member.isLeaving) {
        await unlock(session, classOf(member), partition);
      } else {
        member.held.add(partition);
        member.options.onTaken(partition);
      }
    }
  }

  /** One session gets the same advisory lock twice, so members of one process exclude each other here. */
  function heldHere(lockClass: number): number[] {
    return [...members]
      .filter((member) => classOf(member) === lockClass)
      .flatMap((member) => [...member.held]);
  }

  function giveBack(member: Member, partition: number): Promise<void> {
    const underWay = member.givingBack.get(partition);
    if (underWay !== undefined) return underWay;
    const giving = stopAndUnlock(member, partition);
    member.givingBack.set(partition, giving);
    return giving;
  }

  async function stopAndUnlock(member: Member, partition: number): Promise<void> {
    const session = connection?.session();
    await member.options.onGiveBack(partition);
    // A lost session holds no locks, and a newer session may hold this partition already.
    if (session === undefined || !isCurrent(session)) return;
    await unlockOrDiscard(session, classOf(member), partition);
    if (!isCurrent(session)) return;
    member.held.delete(partition);
    member.givingBack.delete(partition);
  }

  async function leave(member: Member): Promise<void> {
    member.isLeaving = true;
    // A running step may be locking a partition for this member.
    await ticking;
    await Promise.all([...member.held].map((partition) => giveBack(member, partition)));
    const session = connection?.session();
    if (member.isJoined && session !== undefined) {
      await unlockOrDiscard(session, classOf(member), member.key);
    }
    members.delete(member);
  }

  async function unlockOrDiscard(session: Session, lockClass: number, key: number): Promise<void> {
    try {
      await unlock(session, lockClass, key);
    } catch (error) {
      if (isCurrent(session)) connection?.discard(error);
    }
  }

  return {
    join(options) {
      const member: Member = {
        options,
        key: -randomInt(1, memberKeyMax),
        isJoined: false,
        isLeaving: false,
        held: new Set(),
        givingBack: new Map(),
      };
      members.add(member);
      open();
      void Promise.resolve(ticking).then(tick);
      return { leave: () => leave(member) };
    },
    async close() {
      await loop?.stop();
      await Promise.all([...members].map(leave));
      await ticking;
      await connection?.close();
    },
  };
}

function classOf(member: Member): number {
  return lockClassBase + member.options.lockClass;
}
