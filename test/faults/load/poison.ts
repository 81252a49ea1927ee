import type { NewRecord } from "@tillcast/event-log";
import { orderSnapshotCodec, topics } from "@tillcast/schemas";
import { frame } from "../../../event-log/schema-ids/wire-format.ts";
import type { World } from "../world/world.ts";

/** A record of the order topic that is no order, in another way for each number; it ends with the text. */
export async function poisonRecord(
  world: World,
  text: string,
  number: number,
): Promise<Omit<NewRecord, "key">> {
  const value = Buffer.from(text);
  switch (number % 3) {
    case 0: // Framed by our own writer.
      return { value };
    case 1: // As a producer writes who knows nothing of frames.
      return { value, isFramed: true };
    default: {
      // A schema that is not known or not read makes a record wait; one of ours with other bytes is poison.
      const registry = world.log.registryOf(world.database.service);
      const ownId = await registry.register(topics.orders.topic, orderSnapshotCodec);
      return { value: frame(ownId, value), isFramed: true };
    }
  }
}
