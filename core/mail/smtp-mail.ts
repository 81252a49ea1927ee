import { createTransport } from "nodemailer";
import type { MailMessage, MailPort } from "./mail-port.ts";

export interface SmtpOptions {
  /**
   * For example `smtps://user:password@mail.example.com`. A server of `smtp://` must offer TLS, or nothing is
   * sent, unless the address ends with `?requireTLS=false`.
   */
  readonly url: string;
  /** The sender's address. */
  readonly from: string;
}

/** A server that does not answer must not hold up the outbox. */
const timeoutMs = 15_000;

/** Sends through an SMTP server. */
export function makeSmtpMail(options: SmtpOptions): MailPort {
  const isPlainAllowed = new URL(options.url).searchParams.get("requireTLS") === "false";
  const transport = createTransport({
    url: options.url,
    requireTLS: !isPlainAllowed,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
  });
  return {
    async send(message: MailMessage) {
      await transport.sendMail({ from: options.from, ...message });
    },
  };
}
