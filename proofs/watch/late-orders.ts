import { topics } from "@tillcast/schemas";
import type { PartitionLag } from "./load-lags.ts";

/**
 * Describes the group whose oldest unsettled record is older than the limit. Imported orders are ignored, because
 * live orders go first.
 */
export function describeLate(
  lags: readonly PartitionLag[],
  nowMs: number,
  lateAfterMs: number,
): string | undefined {
  const late = lags
    .filter(({ topic }) => topic !== topics.ordersBackfill.topic)
    .flatMap((lag) => (lag.oldestAt === null ? [] : [{ ...lag, ageMs: nowMs - lag.oldestAt }]))
    .filter(({ ageMs }) => ageMs > lateAfterMs)
    .sort((a, b) => b.ageMs - a.ageMs);
  const [oldest] = late;
  if (oldest === undefined) return undefined;
  const { group, topic, partition, ageMs } = oldest;
  const waiting = late.reduce((sum, { lagRecords }) => sum + lagRecords, 0);
  const seconds = Math.round(ageMs / 1_000);
  return `${waiting} records wait for ${group} in ${late.length} partitions, the oldest for ${seconds} s in ${topic}/${partition}`;
}
