import { setTimeout as pause } from "node:timers/promises";
import { LEDGER_GROUP, topics } from "@tillcast/schemas";
import { waitUntil } from "../../support/processes.ts";
import { untilItWorks } from "../load/load.ts";
import type { World } from "../world/world.ts";
import type { Fault } from "./fault.ts";

const saidMaxMs = 300_000;
/** Long enough for a wrong reset of a partition to show. */
const staysMs = 1_500;
const beyond = 1_000n;

/**
 * A checkpoint is beyond the end of its log, as after a restore of an older log. That partition stops with a named
 * error, and nothing is reset. It continues when the checkpoint is corrected.
 */
export const checkpointBeyondEnd: Fault = {
  name: "log behind the database",
  only: "postgres",
  async strike({ world, dice, say, untilQuiet, sendMore }) {
    await untilQuiet();
    const partition = dice.int(0, topics.orders.partitions - 1);
    const said = timesSaid(world, "checkpointBeyondEnd");
    const right = await positionOf(world, partition);
    say(`the checkpoint of partition ${partition} is put ${beyond} beyond its log's end`);
    await move(world, partition, right + beyond);
    await restartProcessors(world);
    await waitUntil(
      "a processor names checkpointBeyondEnd",
      () => timesSaid(world, "checkpointBeyondEnd") > said,
      saidMaxMs,
    );
    await sendMore();
    await pause(staysMs);
    const found = await positionOf(world, partition);
    if (found !== right + beyond) throw new Error(`the stopped checkpoint was moved to ${found}`);
    say("the checkpoint is put right");
    await move(world, partition, right);
    await restartProcessors(world);
  },
};

/** How often an error code appears in the processors' logs. */
export function timesSaid(world: World, code: string): number {
  const outputs = world.services("process").map((service) => service.output());
  return outputs.reduce((sum, output) => sum + output.split(`"code":"${code}"`).length - 1, 0);
}

/** Makes the processors try stopped partitions at once instead of after 30 s. */
export async function restartProcessors(world: World): Promise<void> {
  await Promise.all(world.services("process").map((service) => service.restartWith({})));
}

async function positionOf(world: World, partition: number): Promise<bigint> {
  const { rows } = await untilItWorks(() =>
    world.database.service.query<{ position: string }>(
      `select position::text as position from checkpoint
       where group_name = $1 and topic = $2 and partition = $3`,
      [LEDGER_GROUP, topics.orders.topic, partition],
    ),
  );
  return BigInt(rows[0]?.position ?? 0);
}

async function move(world: World, partition: number, position: bigint): Promise<void> {
  const key = [LEDGER_GROUP, topics.orders.topic, partition, position];
  await untilItWorks(() =>
    world.database.service.query(
      `update checkpoint set position = $4
       where group_name = $1 and topic = $2 and partition = $3`,
      key,
    ),
  );
}
