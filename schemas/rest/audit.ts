import { z } from "zod";

/** Which changes to read. */
export const AuditQuery = z.strictObject({
  action: z.string().max(100).optional().describe("Only of this kind, such as `key created`."),
  cursor: z
    .string()
    .regex(/^\d{1,18}$/)
    .optional()
    .describe("`nextCursor` of the page before."),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

/** One change: who made it, when and from where. */
export const AuditEventView = z.object({
  auditId: z.string(),
  at: z.string(),
  action: z.string(),
  /** The id of what was changed. */
  subject: z.string(),
  detail: z.record(z.string(), z.unknown()),
  actorKind: z.enum(["person", "key", "operator", "system", "stranger"]),
  /** A person's or a key's id, or an operator's name. */
  actor: z.string(),
  /** The person's email, as long as there is that person. */
  email: z.string().nullable(),
  address: z.string().nullable(),
  requestId: z.string().nullable(),
});

/** A page of changes, the newest first. */
export const AuditPage = z.object({
  events: z.array(AuditEventView),
  nextCursor: z.string().nullable(),
});
