/**
 * Computes whether every accepted order is accounted for, from stored values and not from counters in memory.
 *
 * A record of an order topic is before the ledger's checkpoint, or it waits after it. A record before the
 * checkpoint was settled, which the checkpoint's tally counts, or set aside as a dead letter.
 */

/** The stored values of one partition of an order topic, all read at one instant. */
export interface PartitionTally {
  readonly topic: string;
  readonly partition: number;
  /** The ledger's position: the first record that it has not settled. */
  readonly position: bigint;
  /** The position at which the tally started. */
  readonly tallyFrom: bigint;
  /** Records settled since then. */
  readonly settled: bigint;
  /** Records between `tallyFrom` and `position` that were set aside. */
  readonly deadLetters: bigint;
}

/** The balance of one partition, in records. */
export interface PartitionBalance extends PartitionTally {
  /** Records in the log since the tally started. */
  readonly accepted: bigint;
  /** Records that are not settled yet. */
  readonly waiting: bigint;
  /**
   * Records before the checkpoint, minus settled and set-aside ones. Above zero, records were skipped. Below zero,
   * records were settled more than once. All values come from one read.
   */
  readonly difference: bigint;
  /** Records before the checkpoint that the log does not have, because it lost its end. */
  readonly lost: bigint;
}

/** Balances one partition. `end` is the offset of its next record, read after the tally. */
export function balancePartition(tally: PartitionTally, end: bigint): PartitionBalance {
  const { position, tallyFrom, settled, deadLetters } = tally;
  return {
    ...tally,
    accepted: end > tallyFrom ? end - tallyFrom : 0n,
    waiting: end > position ? end - position : 0n,
    difference: position - tallyFrom - settled - deadLetters,
    lost: position > end ? position - end : 0n,
  };
}

/** Whether every accepted record of a partition is accounted for. */
export const isEven = ({ difference, lost }: PartitionBalance): boolean =>
  difference === 0n && lost === 0n;

/** Describes each partition that does not balance. */
export function describeDifferences(balances: readonly PartitionBalance[]): string[] {
  return balances.flatMap(({ topic, partition, difference, lost }) => {
    const place = `${topic}/${partition}`;
    const faults: string[] = [];
    if (difference > 0n)
      faults.push(`${difference} records of ${place} were neither settled nor set aside`);
    if (difference < 0n)
      faults.push(`${-difference} records of ${place} were settled more than once`);
    if (lost > 0n)
      faults.push(
        `${lost} records of ${place} are gone from the log, which ends before the checkpoint`,
      );
    return faults;
  });
}
