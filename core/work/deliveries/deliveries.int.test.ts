import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { migrate } from "../../database/migrate.ts";
import { migrationFolder } from "../../database/migration-folder.ts";
import { asTenant, inTransaction } from "../../database/transaction.ts";
import { appError } from "../../errors.ts";
import { silentLogger as log } from "../../logging.ts";
import { makeFileMail } from "../../mail/file-mail.ts";
import type { MailMessage, MailPort } from "../../mail/mail-port.ts";
import { createTestDatabase, type TestDatabase } from "../../testing/database.ts";
import { enqueueJob, listJobs } from "../jobs/job-rows.ts";
import { runJobs } from "../jobs/run-jobs.ts";
import { addTenant } from "../jobs/testing/job-runners.ts";
import { queueDelivery } from "./delivery-rows.ts";
import { mailChannel, queueMail } from "./mail-channel.ts";
import { type DeliveryChannel, runDeliveries } from "./run-deliveries.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());
beforeEach(async () => {
  await db.database.service.query("delete from delivery");
});

const mail = { to: "ada@example.com", subject: "Sales are down", text: "By 12 orders." };
const run = (channels: readonly DeliveryChannel[], attemptsMax = 3) =>
  runDeliveries({
    pool: db.database.service,
    channels,
    log,
    limits: { pollMs: 10, retryPauseMs: 5, attemptsMax },
  });
const start = (port: MailPort) => run([mailChannel(port)]);

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
      "select target, state, last_error, attempts from delivery order by 1",
    );
    expect(rows.rows).toEqual([
      { target: mail.to, state: "sent", last_error: null, attempts: 2 },
      {
        target: "gone@example.com",
        state: "gave_up",
        last_error: "Error: mailbox unavailable",
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

test("what was sent or given up is empty, since it may hold a link", async () => {
  await queueMail(db.database.service, { ...mail, text: "https://tillcast.example/#token" });
  await queueMail(db.database.service, { ...mail, to: "gone@example.com" });
  const worker = start({
    send: async ({ to }) => {
      if (to === "gone@example.com") throw appError("undecodable", { what: "It", reason: "no" });
    },
  });
  await vi.waitFor(async () => {
    const { rows } = await db.database.service.query(
      "select target, state, attempts, payload from delivery order by 1",
    );
    expect(rows).toEqual([
      { target: mail.to, state: "sent", attempts: 1, payload: null },
      { target: "gone@example.com", state: "gave_up", attempts: 1, payload: null },
    ]);
  });
  await worker.stop();
});

test("a channel that hangs delays no other", async () => {
  const hanging = Promise.withResolvers<void>();
  const sent: string[] = [];
  const worker = run([
    { name: "webhook", atOnce: 1, send: () => hanging.promise },
    mailChannel({ send: async ({ to }) => void sent.push(to) }),
  ]);
  for (let index = 0; index < 5; index += 1) {
    const target = `https://hooks.example/${index}`;
    await queueDelivery(db.database.service, { channel: "webhook", target, payload: {} });
  }
  await queueMail(db.database.service, mail);
  await vi.waitFor(() => expect(sent).toEqual([mail.to]));
  hanging.resolve();
  await worker.stop();
});

test("a training that runs, and a backfill behind it, delay no mail", async () => {
  const ended = Promise.withResolvers<void>();
  const busy = async () => ended.promise;
  const jobs = runJobs({
    pool: db.database.service,
    kinds: ["train", "backfill"].map((name) => ({ name, atOnce: 1, run: busy })),
    log,
  });
  for (const kind of ["train", "backfill", "backfill"]) {
    await enqueueJob(db.database.service, { kind });
  }
  jobs.wake();
  await vi.waitFor(async () => {
    const running = await listJobs(db.database.service, { states: ["running"] });
    expect(running).toHaveLength(2);
  });
  const sent: string[] = [];
  const worker = start({ send: async ({ to }) => void sent.push(to) });
  await queueMail(db.database.service, mail);
  await vi.waitFor(() => expect(sent).toEqual([mail.to]));
  ended.resolve();
  await Promise.all([worker.stop(), jobs.stop()]);
});

test("a tenant sees that something was sent to whom, of its own alone, and never what", async () => {
  const [one, other] = [await addTenant(db.database.service), await addTenant(db.database.service)];
  await queueMail(db.database.service, { ...mail, tenantId: one });
  await queueMail(db.database.service, { ...mail, tenantId: other });
  const seen = (columns: string) =>
    asTenant(db.database.tenant, one, (tx) => tx.query(`select ${columns} from delivery`));
  expect((await seen("tenant_id, target, state")).rows).toEqual([
    { tenant_id: one, target: mail.to, state: "waiting" },
  ]);
  await expect(seen("payload")).rejects.toThrow("permission denied");
});

test("mail of the release before moves over: what waited waits, what was sent is empty", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tillcast-migrations-"));
  const names = (await readdir(migrationFolder)).sort();
  const older = names.slice(
    0,
    names.findIndex((name) => name.endsWith("-deliveries.sql")),
  );
  for (const name of older) {
    await cp(join(migrationFolder, name), join(folder, name));
  }
  const before = await createTestDatabase({ migrations: folder });
  await before.database.service.query(
    `insert into outbox_mail (mail_id, recipient, subject, body, sent_at, attempts)
     values (gen_random_uuid(), 'sent@example.com', 's', 'link', now(), 1),
       (gen_random_uuid(), 'waits@example.com', 's', 'link', null, 2)`,
  );
  await migrate({ url: before.url, directory: migrationFolder, log });
  const { rows } = await before.database.service.query(
    "select channel, target, payload, state, attempts from delivery order by target",
  );
  expect(rows).toEqual([
    { channel: "mail", target: "sent@example.com", payload: null, state: "sent", attempts: 1 },
    {
      channel: "mail",
      target: "waits@example.com",
      payload: { subject: "s", text: "link" },
      state: "waiting",
      attempts: 2,
    },
  ]);
  expect((await before.database.service.query("select from outbox_mail")).rowCount).toBe(0);
  await before.drop();
  await rm(folder, { recursive: true });
});
