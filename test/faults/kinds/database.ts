import { setTimeout as pause } from "node:timers/promises";
import { fair } from "../net/weather.ts";
import { canMount } from "../world/small-disk.ts";
import type { Fault } from "./fault.ts";

const slowFirstMs = 700;

/** PostgreSQL stops without a checkpoint during many writes, and recovers from its log. */
export const immediateRestart: Fault = {
  name: "database restart",
  async strike({ world, dice, say }) {
    const ways = [...world.ways].filter(([name]) => name.endsWith(" > database"));
    for (const [, way] of ways) await way.turn({ kind: "slow", latencyMs: 100, jitterMs: 100 });
    await pause(slowFirstMs);
    say("PostgreSQL stops at once");
    await world.postgres.signal("SIGQUIT");
    for (const [, way] of ways) await way.turn(fair);
    await pause(dice.int(200, 2_000));
    await world.postgres.ensureRunning();
  },
};

const writeMuch = "select pg_logical_emit_message(false, 'fault run', repeat('x', 200000000))";

/** PostgreSQL's disk is full until the run makes room. */
export const fullDisk: Fault = {
  name: "disk full",
  isImpossible: !canMount,
  async strike({ world, dice, say }) {
    const { disk, postgres } = world;
    if (disk === undefined) throw new Error("there is no small disk");
    say("the database's disk is full");
    disk.fill();
    // PostgreSQL has space allocated in advance. This makes it need more.
    await world.database.service.query(writeMuch).catch(() => undefined);
    await pause(dice.int(2_000, 4_000));
    disk.free();
    say(`there is room again; PostgreSQL ${(await postgres.isRunning()) ? "stood" : "fell"}`);
    await postgres.ensureRunning();
  },
};
