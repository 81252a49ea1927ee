import { join } from "node:path";
import { accountSweeps } from "@tillcast/accounts";
import { appError, type MailPort, makeFileMail, makeSmtpMail } from "@tillcast/core";
import {
  announceJob,
  mailChannel,
  publishChanges,
  runDeliveries,
  runJobs,
  sweepKind,
  workSweeps,
} from "@tillcast/core/work";
import { logSweeps, startRetention } from "@tillcast/event-log";
import { startProcessors } from "../start-processors.ts";
import type { Ground, StartService } from "./ground.ts";

/** Settles what the log holds, watches feeds, and does what no request waits for: old records, mail. */
export const startService: StartService = async (scope, ground) => {
  const { database, eventLog, log, settings } = ground;
  const retention = startRetention({ eventLog, log });
  scope.defer(() => retention.stop());
  const deliveries = runDeliveries({
    pool: database.service,
    channels: [mailChannel(makeMail(settings))],
    log,
  });
  scope.defer(() => deliveries.stop());
  const changes = publishChanges({ ...ground, pool: database.service });
  scope.defer(() => changes.stop());
  const sweeps = runJobs({
    pool: database.service,
    kinds: [sweepKind(database.service, [...accountSweeps, ...logSweeps, ...workSweeps])],
    log,
    onChange: (job) => announceJob(ground, job),
  });
  scope.defer(() => sweeps.stop());
  const processors = await startProcessors(ground);
  scope.defer(() => processors.stop());
  return {};
};

function makeMail({
  TILLCAST_MAIL_URL: url,
  TILLCAST_MAIL_FROM: from,
  TILLCAST_DATA_DIR: dataDir,
}: Ground["settings"]): MailPort {
  if (url === undefined) return makeFileMail(join(dataDir, "mail"), from);
  if (from === undefined) {
    const faults =
      "TILLCAST_MAIL_FROM is required with TILLCAST_MAIL_URL: the address that mail comes from";
    throw appError("configInvalid", { faults });
  }
  return makeSmtpMail({ url, from });
}
