import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { inTransaction } from "../../database/transaction.ts";
import { silentLogger as log } from "../../logging.ts";
import { makeFileMail } from "../../mail/file-mail.ts";
import type { MailMessage, MailPort } from "../../mail/mail-port.ts";
import { createTestDatabase, type TestDatabase } from "../../testing/database.ts";
import { queueMail, runOutbox } from "./outbox.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());
beforeEach(async () => {
  await db.database.service.query("delete from outbox_mail");
});

const mail = { to: "ada@example.com", subject: "Sales are down", text: "By 12 orders." };
const start = (port: MailPort, attemptsMax = 3) =>
  runOutbox({
    pool: db.database.service,
    mail: port,
    log,
    limits: { pollMs: 10, retryPauseMs: 5, attemptsMax },
  });

test("mail of a committed transaction is sent once, that of another never", async () => {
  const sent: MailMessage[] = [];
  const port = { send: async (message: MailMessage) => void sent.push(message) };
  await inTransaction(db.database.service, (tx) => queueMail(tx, mail));
  const undone = inTransaction(db.database.service, async (tx) => {
    await queueMail(tx, { ...mail, subject: "Never happened" });
    throw new Error("undone");
  });
  await expect(undone).rejects.toThrow("undone");
  const workers = [start(port), start(port)];
  await vi.waitFor(() => expect(sent).toHaveLength(1));
  await new Promise((resolve) => setTimeout(resolve, 50));
  await Promise.all(workers.map((worker) => worker.stop()));
  expect(sent).toEqual([mail]);
});

test("a message that is refused is sent again, and in the end kept with the reason", async () => {
  let tries = 0;
  const port = {
    send: async (message: MailMessage) => {
      tries += 1;
      if (message.to === "gone@example.com" || tries === 1) throw new Error("mailbox unavailable");
    },
  };
  await queueMail(db.database.service, mail);
  await queueMail(db.database.service, { ...mail, to: "gone@example.com" });
  const worker = start(port);
  await vi.waitFor(async () => {
    const rows = await db.database.service.query(
      "select recipient, sent_at is not null as sent, failed_reason, attempts from outbox_mail order by 1",
    );
    expect(rows.rows).toEqual([
      { recipient: mail.to, sent: true, failed_reason: null, attempts: 2 },
      {
        recipient: "gone@example.com",
        sent: false,
        failed_reason: "Error: mailbox unavailable",
        attempts: 3,
      },
    ]);
  });
  await worker.stop();
});

test("in development a message is a file that mail programs open", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tillcast-mail-"));
  await makeFileMail(folder).send({ ...mail, subject: "Umsatz für Ärzte" });
  const [name = ""] = await readdir(folder);
  expect(name).toMatch(/\.eml$/);
  const text = await readFile(join(folder, name), "utf8");
  expect(text).toContain("To: ada@example.com");
  expect(text).toContain("By 12 orders.");
  await rm(folder, { recursive: true });
});
