import { setTimeout as pause } from "node:timers/promises";
import type { FaultProxy } from "../net/fault-proxy.ts";
import { fair, type Weather } from "../net/weather.ts";
import type { Fault, Stage } from "./fault.ts";

/** How many proxies one strike affects. */
const waysAtOnce = 2;
const holdMinMs = 1_000;
const holdMaxMs = 3_500;

function drawWays({ world, dice }: Stage): [string, FaultProxy][] {
  const names = [...world.ways.keys()];
  const drawn = new Set<string>();
  while (drawn.size < waysAtOnce) drawn.add(dice.pick(names));
  return [...drawn].map((name) => [name, world.ways.get(name) as FaultProxy]);
}

function turning(name: string, weatherOf: (stage: Stage) => Weather): Fault {
  return {
    name,
    async strike(stage) {
      const ways = drawWays(stage);
      const weather = weatherOf(stage);
      const holdMs = stage.dice.int(holdMinMs, holdMaxMs);
      const named = ways.map(([way]) => way).join(", ");
      stage.say(`${JSON.stringify(weather)} for ${holdMs} ms on ${named}`);
      for (const [, way] of ways) await way.turn(weather);
      await pause(holdMs);
      for (const [, way] of ways) await way.turn(fair);
    },
  };
}

/** Connections break repeatedly while everything is slow, so that each break meets running work. */
const cutting: Fault = {
  name: "cut",
  async strike(stage) {
    const ways = drawWays(stage);
    stage.say(`cuts on ${ways.map(([way]) => way).join(", ")}`);
    for (const [, way] of ways) await way.turn({ kind: "slow", latencyMs: 20, jitterMs: 60 });
    for (let cuts = 0; cuts < 6; cuts += 1) {
      await pause(stage.dice.int(100, 500));
      for (const [, way] of ways) way.cut();
    }
    for (const [, way] of ways) await way.turn(fair);
  },
};

/** Open connections never answer again and are never closed. New ones work. */
const silencing: Fault = {
  name: "silent for good",
  async strike(stage) {
    const ways = drawWays(stage);
    stage.say(`silence for good on ${ways.map(([way]) => way).join(", ")}`);
    for (const [, way] of ways) way.silence();
  },
};

/** The faults of the network. */
export const networkFaults: readonly Fault[] = [
  cutting,
  turning("refuse", () => ({ kind: "refused" })),
  turning("latency", ({ dice }) => ({
    kind: "slow",
    latencyMs: dice.int(20, 150),
    jitterMs: dice.int(0, 200),
  })),
  turning("throttle", ({ dice }) => ({
    kind: "narrow",
    bytesPerSecond: dice.int(20_000, 100_000),
  })),
  turning("black hole", () => ({ kind: "blackHole" })),
  turning("half-open", () => ({ kind: "halfOpen" })),
  silencing,
];
