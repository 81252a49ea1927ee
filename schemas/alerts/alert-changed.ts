import { z } from "zod";
import { growing, instantMs, long, named } from "../avro/annotations.ts";
import { type AvroCodec, makeAvroCodec } from "../avro/codec.ts";

export const alertStates = ["open", "acknowledged", "snoozed", "resolved", "retracted"] as const;
export const alertKinds = [
  "till_unreachable",
  "no_sales",
  "unusually_low",
  "unusually_high",
  "other",
] as const;

/** One episode of one cause, as it stands now. */
export const AlertChangedV1 = named(
  "AlertChangedV1",
  z.object({
    episodeId: z.string(),
    tenantId: z.string(),
    storeId: z.string(),
    kind: growing("AlertKind", z.enum(alertKinds), "other"),
    state: growing("AlertState", z.enum(alertStates), "open"),
    openedAt: instantMs,
    changedAt: instantMs,
    /** One sentence for a person. */
    message: z.string(),
    /** The store's alerts version, assigned in the writer's transaction. */
    version: long,
  }),
);
export type AlertChanged = z.output<typeof AlertChangedV1>;

export const alertChangedCodec: AvroCodec<AlertChanged> = makeAvroCodec(AlertChangedV1, {
  frozen: "alert-changed-v1",
});
