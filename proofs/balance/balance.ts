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
   * Records that the checkpoint has passed, less those settled and set aside. Above zero, records were
   * passed over; below zero, records were settled more than once. All of it comes from one read.
   */
  readonly difference: bigint;
  /** Records that the checkpoint has passed and the log does not hold: it lost its end. */
  readonly lost: bigint;
}

/** Balances one partition; `end` is the offset that its next record will get, read after the tally. */
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

/** Says of each partition that does not balance what it means. */
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
