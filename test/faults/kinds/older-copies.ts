import { cp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { LEDGER_GROUP } from "@tillcast/schemas";
import { waitUntil } from "../../support/processes.ts";
import { untilItWorks } from "../load/load.ts";
import type { World } from "../world/world.ts";
import { brokerOf } from "./broker.ts";
import type { Fault } from "./fault.ts";
import { restartProcessors, timesSaid } from "./log-behind.ts";

const saidMaxMs = 300_000;
const staysMs = 1_500;

/**
 * Replaces the database by an older copy while the log stays. The checkpoints are older too, and the log is settled
 * again from there.
 */
export const databaseBehindLog: Fault = {
  name: "database behind the log",
  only: "kafka",
  async strike({ world, say, untilQuiet, sendMore }) {
    await untilQuiet();
    const copy = join(world.folder, "older-database");
    await world.postgres.copyTo(copy);
    await sendMore();
    await untilQuiet();
    say("the database goes back to its copy");
    await world.postgres.putBack(copy);
    await rm(copy, { recursive: true, force: true });
  },
};

/**
 * Replaces the broker's data by an older copy while the database stays. Partitions stop with a named error and their
 * checkpoints do not move, until the newer log is back.
 */
export const logBehindDatabase: Fault = {
  name: "log behind the database",
  only: "kafka",
  async strike({ world, say, untilQuiet, sendMore }) {
    const { kafka, dataDir } = brokerOf(world);
    const [older, newer] = [`${dataDir}.older`, `${dataDir}.newer`];
    await untilQuiet();
    await kafka.stop();
    await cp(dataDir, older, { recursive: true, preserveTimestamps: true });
    await kafka.restart();
    await sendMore();
    await untilQuiet();
    const said = timesSaid(world, "checkpointBeyondEnd");
    const checkpoints = await checkpointsOf(world);
    say("the broker goes back to its copy");
    await kafka.stop();
    await rename(dataDir, newer);
    await rename(older, dataDir);
    await kafka.restart();
    await waitUntil(
      "a processor names checkpointBeyondEnd",
      () => timesSaid(world, "checkpointBeyondEnd") > said,
      saidMaxMs,
    );
    await pause(staysMs);
    const found = await checkpointsOf(world);
    if (found !== checkpoints) throw new Error(`checkpoints moved: ${checkpoints} became ${found}`);
    say("the newer log is put back");
    await kafka.stop();
    await rm(dataDir, { recursive: true });
    await rename(newer, dataDir);
    await kafka.restart();
    await restartProcessors(world);
  },
};

/** The ledger's positions in all partitions, as one text. */
async function checkpointsOf(world: World): Promise<string> {
  const { rows } = await untilItWorks(() =>
    world.database.service.query<{ places: string }>(
      `select string_agg(topic || '/' || partition || ' ' || position, ', '
         order by topic, partition) as places
       from checkpoint where group_name = $1`,
      [LEDGER_GROUP],
    ),
  );
  return rows[0]?.places ?? "";
}
