import { randomUUID } from "node:crypto";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createTransport } from "nodemailer";
import type { MailMessage, MailPort } from "./mail-port.ts";

/** Writes each message as an `.eml` file, which mail programs open; for development. */
export function makeFileMail(directory: string, from = "tillcast@localhost"): MailPort {
  const transport = createTransport({ streamTransport: true, buffer: true, newline: "unix" });
  return {
    async send(message: MailMessage) {
      const sent = await transport.sendMail({ from, ...message });
      await mkdir(directory, { recursive: true });
      const name = `${new Date().toISOString().replaceAll(":", "-")}-${randomUUID().slice(0, 8)}.eml`;
      const draft = join(directory, `.${name}`);
      await writeFile(draft, sent.message as Buffer, { mode: 0o600 });
      await rename(draft, join(directory, name));
    },
  };
}
