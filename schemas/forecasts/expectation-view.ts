import { z } from "zod";

/** Expected net in minor units; beyond `low` and `high`, which may be negative, an amount is unusual. */
export const ExpectationView = z.object({
  low: z.number(),
  p10: z.number(),
  p50: z.number(),
  p90: z.number(),
  high: z.number(),
});
