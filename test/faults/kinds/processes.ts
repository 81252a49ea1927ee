import { setTimeout as pause } from "node:timers/promises";
import type { FaultProxy } from "../net/fault-proxy.ts";
import { fair } from "../net/weather.ts";
import { type ServiceKind, serviceKinds } from "../world/service.ts";
import type { World } from "../world/world.ts";
import type { Fault, Stage } from "./fault.ts";

/** Longer than the server keeps a stopped process's lock session, so that the process wakes up without its locks. */
const longStopMs = 12_000;
const shortStopMaxMs = 2_000;
/** Pause between two kills of one strike. */
const deathPauseMaxMs = 1_200;
const deaths = 2;
const slowFirstMs = 700;

/** Kills processes while their network is slow, so that each dies in the middle of its work. */
export const kills: readonly Fault[] = serviceKinds.map((kind) => ({
  name: `kill ${kind}`,
  async strike(stage) {
    const ways = waysOf(stage.world, kind);
    for (const way of ways) await way.turn({ kind: "slow", latencyMs: 100, jitterMs: 100 });
    await pause(slowFirstMs);
    for (let death = 0; death < deaths; death += 1) {
      const victim = pick(stage, kind);
      stage.say(`SIGKILL to ${victim.name}`);
      victim.signal("SIGKILL");
      await pause(stage.dice.int(300, deathPauseMaxMs));
    }
    for (const way of ways) await way.turn(fair);
    await stage.world.untilReady();
  },
}));

/** The proxies that services of a kind use. */
function waysOf({ ways }: World, kind: ServiceKind): FaultProxy[] {
  return [...ways].filter(([name]) => name.startsWith(`${kind} > `)).map(([, way]) => way);
}

/** Stops processes for a moment, and processors once for so long that others take their partitions. */
export const stops: readonly Fault[] = serviceKinds.map((kind) => ({
  name: `stop ${kind}`,
  async strike(stage) {
    const victim = pick(stage, kind);
    const stopMs = kind === "process" ? longStopMs : stage.dice.int(500, shortStopMaxMs);
    const { scaleProcessors } = stage.world;
    if (kind === "process") await scaleProcessors(2);
    stage.say(`SIGSTOP to ${victim.name} for ${stopMs} ms`);
    victim.signal("SIGSTOP");
    await pause(stopMs);
    victim.signal("SIGCONT");
    if (kind === "process") await scaleProcessors(1);
    await stage.world.untilReady();
  },
}));

function pick({ world, dice }: Stage, kind: ServiceKind) {
  return dice.pick(world.services(kind));
}

const hoursMs = 3_600_000;

/** Restarts an ingest process and a processor with wall clocks that are hours apart, and later with correct ones. */
export const shiftedClocks: Fault = {
  name: "shift clocks",
  async strike({ world, dice, say }) {
    const shifted = [pickOf(world.services("ingest"), dice.next()), ...world.services("process")];
    for (const [at, service] of shifted.entries()) {
      const shiftMs = (at % 2 === 0 ? 1 : -1) * dice.int(hoursMs, 5 * hoursMs);
      say(`the clock of ${service.name} is wrong by ${shiftMs} ms`);
      await service.restartWith({ FAULTS_CLOCK_SHIFT_MS: String(shiftMs) });
    }
    await pause(1_500);
    for (const service of shifted) await service.restartWith({});
  },
};

function pickOf<Item>(items: readonly Item[], chance: number): Item {
  return items[Math.floor(chance * items.length)] as Item;
}

/** Changes the number of processors from one to three and back while orders flow. */
export const scaling: Fault = {
  name: "processors 1-3-1",
  async strike({ world, say, sendMore }) {
    say("two more processors");
    await world.scaleProcessors(3);
    // The partitions move within two seconds, and orders in several partitions meet all three processors.
    for (let part = 0; part < 3; part += 1) {
      await sendMore();
      await pause(500);
    }
    say("one processor again");
    await world.scaleProcessors(1);
  },
};
