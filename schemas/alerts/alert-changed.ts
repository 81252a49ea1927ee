import { z } from "zod";
import { instantMs, long, named } from "../avro/annotations.ts";
import { type AvroCodec, makeAvroCodec } from "../avro/codec.ts";

export const alertStates = ["open", "acknowledged", "snoozed", "resolved", "retracted"] as const;
export const alertKinds = [
  "till_unreachable",
  "no_sales",
  "unusually_low",
  "unusually_high",
] as const;

/** One episode of one cause, as it stands now. */
export const AlertChangedV1 = named(
  "AlertChangedV1",
  z.object({
    episodeId: z.string(),
    tenantId: z.string(),
    storeId: z.string(),
    kind: named("AlertKind", z.enum(alertKinds)),
    state: named("AlertState", z.enum(alertStates)),
    openedAt: instantMs,
    changedAt: instantMs,
    /** One sentence for a person. */
    message: z.string(),
    /** The store's alerts version, assigned in the writer's transaction. */
    version: long,
  }),
);
export type AlertChanged = z.output<typeof AlertChangedV1>;

export const alertChangedCodec: AvroCodec<AlertChanged> = makeAvroCodec(AlertChangedV1);
