import type { NewRecord } from "@tillcast/core";
import { salesUpdatedCodec, topics } from "@tillcast/schemas";
import { frame } from "../../../core/event-log/framing/wire-format.ts";
import type { World } from "../world/world.ts";

/** An id that no registry has given yet. */
const unknownSchemaId = 2_000_000_000;

/** A record of the order topic that is no order, in another way for each number; it ends with the text. */
export async function poisonRecord(
  world: World,
  text: string,
  number: number,
): Promise<Omit<NewRecord, "key">> {
  const value = Buffer.from(text);
  switch (number % 4) {
    case 0: // Framed by our own writer.
      return { value };
    case 1: // As a producer writes who knows nothing of frames.
      return { value, isFramed: true };
    case 2:
      return { value: frame(unknownSchemaId, value), isFramed: true };
    default: {
      const registry = world.log.registryOf(world.database.service);
      const otherId = await registry.register(topics.sales.topic, salesUpdatedCodec);
      return { value: frame(otherId, value), isFramed: true };
    }
  }
}
