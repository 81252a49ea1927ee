/**
 * Copies our checkpoints into Kafka's committed offsets, so that Kafka's own tools and exporters show the lag
 * of our groups. Our code never reads them, so that a wrong one does no harm.
 */

import type { Admin } from "@platformatic/kafka";
import type { Logger } from "@tillcast/core";
import { declareLoop, startLoop } from "@tillcast/core/work";
import type { Pool } from "pg";
import type { Subscription } from "../port.ts";
import { selectCheckpoints } from "./group-positions.ts";
import type { KafkaLogLimits } from "./kafka-limits.ts";
import type { KafkaTopic } from "./topics.ts";

/** The id of one of our groups in Kafka. It has offsets and never a member. */
export const shownGroupId = (group: string): string => `tillcast-${group}`;

/** A subscription whose positions are shown. */
export interface ShownGroup {
  readonly group: string;
  readonly topic: KafkaTopic;
  readonly ownedPartitions: () => readonly number[];
}

export interface ShownPositions {
  /** Shows a subscription's positions until it is closed. Returns the subscription to use. */
  show(shown: Omit<ShownGroup, "ownedPartitions">, member: Subscription): Subscription;
  close(): Promise<void>;
}

const positionsLoop = declareLoop({
  name: "log positions shown",
  does: "copies our checkpoints into Kafka's committed offsets, for Kafka's own tools",
  every: 5_000,
});

/** Starts to copy the positions of this process's partitions every `showPositionsMs`. */
export function startShowingPositions(deps: {
  readonly admin: Admin;
  readonly pool: Pool;
  readonly log: Logger;
  readonly limits: Pick<KafkaLogLimits, "showPositionsMs">;
}): ShownPositions {
  const { admin, pool, log } = deps;
  const groups = new Map<ShownGroup, ReadonlyMap<number, bigint>>();
  let isLogged = false;

  async function showAll(): Promise<void> {
    for (const shown of groups.keys()) await showOne(shown);
    isLogged = false;
  }

  async function showOne(shown: ShownGroup): Promise<void> {
    const { group, topic } = shown;
    const before = groups.get(shown) ?? new Map();
    const checkpoints = await selectCheckpoints(pool, group, topic.topic);
    const positions = new Map(
      shown.ownedPartitions().flatMap((partition) => {
        const position = checkpoints.get(partition)?.position;
        return position === undefined ? [] : [[partition, BigInt(position)] as const];
      }),
    );
    const partitionOffsets = [...positions]
      .filter(([partition, position]) => before.get(partition) !== position)
      .map(([partition, offset]) => ({ partition, offset }));
    if (partitionOffsets.length > 0) {
      const topics = [{ name: topic.topic, partitionOffsets }];
      await admin.alterConsumerGroupOffsets({ groupId: shownGroupId(group), topics });
    }
    if (groups.has(shown)) groups.set(shown, positions);
  }

  const loop = startLoop(positionsLoop, {
    everyMs: deps.limits.showPositionsMs,
    log,
    step: async () => {
      try {
        await showAll();
      } catch (error) {
        // Other code reports unreachable brokers. A missing permission is logged once.
        if (!isLogged) log.info({ err: error }, "positions cannot be shown in Kafka's own tools");
        isLogged = true;
      }
    },
  });

  return {
    show(shown, member) {
      const ownedPartitions = () => member.ownedPartitions();
      const entry: ShownGroup = { ...shown, ownedPartitions };
      groups.set(entry, new Map());
      return {
        ownedPartitions,
        async close() {
          groups.delete(entry);
          await member.close();
        },
      };
    },
    close: () => loop.stop(),
  };
}
