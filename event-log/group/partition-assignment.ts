/** Assigns partitions to the members of a group: pure arithmetic on what all members see. */

export interface GroupPicture {
  /** Keys of all members, including this one. */
  readonly members: readonly number[];
  readonly me: number;
  readonly partitions: number;
  /** Partitions that any member holds. */
  readonly taken: ReadonlySet<number>;
  /** Partitions that this member holds. */
  readonly mine: ReadonlySet<number>;
}

/** What this member does next. */
export interface AssignmentPlan {
  /** Partitions to try to lock. */
  readonly take: readonly number[];
  readonly giveBack: readonly number[];
}

/** How many partitions a member gets: an even part; members with the lowest keys get one more. */
export function assignedCount(members: readonly number[], me: number, partitions: number): number {
  const rank = members.filter((member) => member < me).length;
  const count = Math.max(members.length, 1);
  return Math.floor(partitions / count) + (rank < partitions % count ? 1 : 0);
}

/** Plans one step towards an even assignment. The locks decide whether it succeeds. */
export function planAssignment(picture: GroupPicture): AssignmentPlan {
  const { members, me, partitions, taken, mine } = picture;
  const count = assignedCount(members, me, partitions);
  const surplus = mine.size - count;
  if (surplus > 0) return { take: [], giveBack: [...mine].slice(-surplus) };
  const free = Array.from({ length: partitions }, (_, partition) => partition).filter(
    (partition) => !taken.has(partition) && !mine.has(partition),
  );
  return { take: free.slice(0, count - mine.size), giveBack: [] };
}
