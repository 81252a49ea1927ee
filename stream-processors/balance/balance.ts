/**
 * Whether every accepted order is accounted for, told from what is stored and not from counters in memory.
 *
 * A record of an order topic lies before the ledger's checkpoint or waits behind it. One that lies before it
 * was settled, which the checkpoint's own tally says, or set aside as a dead letter; there is nothing third.
 */

/** One partition of an order topic, as the database has it; all read at one instant. */
export interface PartitionTally {
  readonly topic: string;
  readonly partition: number;
  /** Where the ledger stands: the first record that it has not settled. */
  readonly position: bigint;
  /** The position at which the tally began. */
  readonly tallyFrom: bigint;
  /** Records settled since then. */
  readonly settled: bigint;
  /** Records between `tallyFrom` and `position` that were set aside. */
  readonly deadLetters: bigint;
}

/** The account of one partition, in records. */
export interface PartitionBalance extends PartitionTally {
  /** In the log since the tally began. */
  readonly accepted: bigint;
  /** Accepted and not yet settled. */
  readonly waiting: bigint;
  /**
   * `accepted - waiting - settled - deadLetters`. Above zero, records were passed over; below zero,
   * records were settled twice over or have vanished from the log.
   */
  readonly difference: bigint;
}

/** Balances one partition; `end` is the offset that its next record will get, read after the tally. */
export function balancePartition(tally: PartitionTally, end: bigint): PartitionBalance {
  const accepted = end - tally.tallyFrom;
  const waiting = end > tally.position ? end - tally.position : 0n;
  const difference = accepted - waiting - tally.settled - tally.deadLetters;
  return { ...tally, accepted, waiting, difference };
}

/** Says of each partition that does not balance what it means. */
export function describeDifferences(balances: readonly PartitionBalance[]): string[] {
  return balances
    .filter(({ difference }) => difference !== 0n)
    .map(({ topic, partition, difference }) => {
      const place = `${topic}/${partition}`;
      return difference > 0n
        ? `${difference} accepted records of ${place} were neither settled nor set aside`
        : `${-difference} records of ${place} were settled more than once or are gone from the log`;
    });
}
