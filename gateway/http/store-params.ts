import { z } from "zod";

/** The store in a path; any form of UUID, so that an id that does not exist is "not found" and not a fault. */
export const StoreParams: z.ZodObject<{ storeId: z.ZodGUID }> = z.object({ storeId: z.guid() });
