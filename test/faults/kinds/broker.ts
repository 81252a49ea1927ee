import { setTimeout as pause } from "node:timers/promises";
import { canMount } from "../world/small-disk.ts";
import type { World } from "../world/world.ts";
import type { Fault } from "./fault.ts";

/** The world's broker. Only worlds on Kafka have one. */
export function brokerOf({ log }: World) {
  if (log.broker === undefined) throw new Error("this world has no broker");
  return log.broker;
}

const killedBroker: Fault = {
  name: "kill broker",
  only: "kafka",
  async strike({ world, dice, say }) {
    const { kafka } = brokerOf(world);
    say("SIGKILL to the broker");
    await kafka.kill("SIGKILL");
    await pause(dice.int(200, 3_000));
    await kafka.restart();
  },
};

const stoppedBroker: Fault = {
  name: "stop broker",
  only: "kafka",
  async strike({ world, dice, say }) {
    const { kafka } = brokerOf(world);
    say("SIGSTOP to the broker");
    await kafka.kill("SIGSTOP");
    await pause(dice.int(2_000, 8_000));
    await kafka.kill("SIGCONT");
  },
};

/** Services start while their registry is down, and meet schemas that they must ask for. */
const killedRegistry: Fault = {
  name: "kill registry",
  only: "kafka",
  async strike({ world, dice, say }) {
    const { registry } = brokerOf(world);
    say("SIGKILL to the schema registry");
    await registry.kill("SIGKILL");
    for (const service of [...world.services("ingest"), ...world.services("process")]) {
      service.signal("SIGKILL");
    }
    await pause(dice.int(1_000, 4_000));
    await registry.restart();
    await world.untilReady();
  },
};

/** A broker with a full log directory ends. The run restarts it when there is room. */
const fullBrokerDisk: Fault = {
  name: "broker disk full",
  only: "kafka",
  isImpossible: !canMount,
  async strike({ world, dice, say }) {
    const { kafka, disk } = brokerOf(world);
    if (disk === undefined) throw new Error("there is no small disk");
    say("the broker's disk is full");
    disk.fill();
    await pause(dice.int(3_000, 6_000));
    disk.free();
    say("there is room again");
    await kafka.restart();
  },
};

/** The faults of the broker and its registry. */
export const brokerFaults: readonly Fault[] = [
  killedBroker,
  stoppedBroker,
  killedRegistry,
  fullBrokerDisk,
];
