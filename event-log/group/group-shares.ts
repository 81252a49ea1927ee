/** How the members of a group share partitions: pure arithmetic on what all of them see. */

export interface GroupPicture {
  /** Keys of all members, this one among them. */
  readonly members: readonly number[];
  readonly me: number;
  readonly partitions: number;
  /** Partitions that somebody holds. */
  readonly taken: ReadonlySet<number>;
  /** Partitions that this member holds. */
  readonly mine: ReadonlySet<number>;
}

/** What this member shall do now. */
export interface SharePlan {
  /** Partitions to try to take, at most as many as it lacks. */
  readonly take: readonly number[];
  readonly giveBack: readonly number[];
}

/** A member's share: the partitions divided evenly, the remainder to the first by key. */
export function shareOf(members: readonly number[], me: number, partitions: number): number {
  const rank = members.filter((member) => member < me).length;
  const count = Math.max(members.length, 1);
  return Math.floor(partitions / count) + (rank < partitions % count ? 1 : 0);
}

/** Plans one step towards even shares; the locks decide what comes of it. */
export function planShare(picture: GroupPicture): SharePlan {
  const { members, me, partitions, taken, mine } = picture;
  const share = shareOf(members, me, partitions);
  const surplus = mine.size - share;
  if (surplus > 0) return { take: [], giveBack: [...mine].slice(-surplus) };
  const free = Array.from({ length: partitions }, (_, partition) => partition).filter(
    (partition) => !taken.has(partition) && !mine.has(partition),
  );
  return { take: free.slice(0, share - mine.size), giveBack: [] };
}
