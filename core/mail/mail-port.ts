/** One plain-text message to one person. */
export interface MailMessage {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** Where mail leaves the product; resolves when the next hop has taken it. */
export interface MailPort {
  send(message: MailMessage): Promise<void>;
}
