import { randomUUID } from "node:crypto";
import type { ClientBase, Pool } from "pg";
import type { Logger } from "../../logging.ts";
import type { MailPort } from "../../mail/mail-port.ts";
import { type Polling, startPolling } from "../polling.ts";

export interface NewMail {
  readonly tenantId?: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

const insertMail = `
  insert into outbox_mail (mail_id, tenant_id, recipient, subject, body)
  values ($1, $2, $3, $4, $5)`;

/** Queues a message in the caller's transaction: it is sent if, and only if, that commits. */
export async function queueMail(tx: Pick<ClientBase, "query">, mail: NewMail): Promise<void> {
  await tx.query(insertMail, [
    randomUUID(),
    mail.tenantId ?? null,
    mail.to,
    mail.subject,
    mail.text,
  ]);
}

export interface OutboxOptions {
  /** The service role's pool. */
  readonly pool: Pool;
  readonly mail: MailPort;
  readonly log: Logger;
  readonly limits?: Partial<OutboxLimits>;
}

export interface OutboxLimits {
  readonly pollMs: number;
  /** A message that a dead process had taken is sent again after this long, possibly twice. */
  readonly leaseMs: number;
  /** The pause after the first failure; it doubles with each. */
  readonly retryPauseMs: number;
  readonly attemptsMax: number;
}

const defaultLimits: OutboxLimits = {
  pollMs: 1_000,
  leaseMs: 60_000,
  // Ten attempts spread over about three hours.
  retryPauseMs: 20_000,
  attemptsMax: 10,
};

interface WaitingMail {
  readonly mail_id: string;
  readonly recipient: string;
  readonly subject: string;
  readonly body: string;
  readonly attempts: number;
}

const takeMail = `
  update outbox_mail set attempts = attempts + 1, run_after = now() + $1 * interval '1 millisecond'
  where mail_id = (
    select mail_id from outbox_mail
    where sent_at is null and failed_reason is null and run_after <= now()
    order by run_after
    limit 1
    for update skip locked)
  returning mail_id, recipient, subject, body, attempts`;

const markSent = "update outbox_mail set sent_at = now() where mail_id = $1";
const markFailed = "update outbox_mail set failed_reason = $2 where mail_id = $1";
const postpone = `
  update outbox_mail set run_after = now() + $2 * interval '1 millisecond' where mail_id = $1`;

/** Sends queued mail until stopped, each message at least once. */
export function runOutbox(options: OutboxOptions): Polling {
  const limits = { ...defaultLimits, ...options.limits };
  return startPolling({
    name: "outbox",
    everyMs: limits.pollMs,
    log: options.log,
    async step() {
      const taken = await options.pool.query<WaitingMail>(takeMail, [limits.leaseMs]);
      const mail = taken.rows[0];
      if (mail === undefined) return false;
      await sendOne(options, limits, mail);
      return true;
    },
  });
}

async function sendOne(
  options: OutboxOptions,
  limits: OutboxLimits,
  mail: WaitingMail,
): Promise<void> {
  try {
    await options.mail.send({ to: mail.recipient, subject: mail.subject, text: mail.body });
  } catch (error) {
    const isGivenUp = mail.attempts >= limits.attemptsMax;
    options.log.warn({ err: error, mailId: mail.mail_id, isGivenUp }, "mail not sent");
    if (isGivenUp) await options.pool.query(markFailed, [mail.mail_id, String(error)]);
    else {
      const pauseMs = limits.retryPauseMs * 2 ** (mail.attempts - 1);
      await options.pool.query(postpone, [mail.mail_id, pauseMs]);
    }
    return;
  }
  await options.pool.query(markSent, [mail.mail_id]);
}
