import { join } from "node:path";
import { startAccountSweep } from "@tillcast/accounts";
import { makeFileMail, makeSmtpMail } from "@tillcast/core";
import { runOutbox } from "@tillcast/core/work";
import { startRetention } from "@tillcast/event-log";
import { startProcessors } from "../start-processors.ts";
import type { StartService } from "./ground.ts";

/** The sender of mails where no SMTP server is set. */
const mailSender = "tillcast@localhost";

/** Settles what the log holds, watches feeds, and does what no request waits for: old records, mail. */
export const startService: StartService = async (scope, ground) => {
  const { database, eventLog, log, settings } = ground;
  const retention = startRetention({ eventLog, log });
  scope.defer(() => retention.stop());
  const accountSweep = startAccountSweep({ pool: database.service, clock: ground.clock, log });
  scope.defer(() => accountSweep.stop());
  const mail =
    settings.TILLCAST_MAIL_URL === undefined
      ? makeFileMail(join(settings.TILLCAST_DATA_DIR, "mail"))
      : makeSmtpMail({ url: settings.TILLCAST_MAIL_URL, from: mailSender });
  const outbox = runOutbox({ pool: database.service, mail, log });
  scope.defer(() => outbox.stop());
  const processors = await startProcessors(ground);
  scope.defer(() => processors.stop());
  return {};
};
