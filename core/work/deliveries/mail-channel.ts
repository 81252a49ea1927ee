import type { ClientBase } from "pg";
import { z } from "zod";
import type { MailMessage, MailPort } from "../../mail/mail-port.ts";
import { queueDelivery } from "./delivery-rows.ts";
import type { DeliveryChannel } from "./run-deliveries.ts";

const channelName = "mail";

const Letter = z.object({ subject: z.string(), text: z.string() });

/** Queues a mail in the caller's transaction: it is sent if, and only if, that commits. */
export function queueMail(
  tx: Pick<ClientBase, "query">,
  { to, subject, text, tenantId }: MailMessage & { readonly tenantId?: string },
): Promise<void> {
  const payload: z.input<typeof Letter> = { subject, text };
  return queueDelivery(tx, {
    channel: channelName,
    target: to,
    payload,
    ...(tenantId !== undefined && { tenantId }),
  });
}

/** Delivers by mail. */
export const mailChannel = (mail: MailPort): DeliveryChannel => ({
  name: channelName,
  // A mail server that is slow to refuse one address does not keep the others waiting.
  atOnce: 4,
  send: (target, payload) => mail.send({ to: target, ...Letter.parse(payload) }),
});
