import { createApiKey } from "@tillcast/accounts";
import { type FailPointName, failPointNames, openScope } from "@tillcast/core";
import { root as ownRoot } from "../../house/sources.ts";
import { type Dice, makeDice } from "../../support/dice.ts";
import { waitUntil } from "../../support/processes.ts";
import { type Balance, checkInvariant } from "../check/invariant.ts";
import { untilSettled } from "../check/until-settled.ts";
import { calm } from "../kinds/every-fault.ts";
import type { Fault, Stage } from "../kinds/fault.ts";
import { type Expected, expectNothing } from "../load/expected.ts";
import { makeTenant, type Sending, sendSlice } from "../load/load.ts";
import { drawSlice, plainSlice, tenantId } from "../load/slice.ts";
import { makeTill, type Till } from "../load/till.ts";
import type { LogKind } from "../world/log-side.ts";
import { openWorld, type World } from "../world/world.ts";
import { finalProof } from "./final-proof.ts";
import { untilFresh } from "./fresh.ts";
import { drawSchedule, type Phase } from "./schedule.ts";
import { makeTally, type Tally } from "./tally.ts";

export interface FaultRunOptions {
  readonly logKind: LogKind;
  readonly seed: number;
  /** How often each fault strikes and each fail point lies in wait. */
  readonly rounds: number;
  readonly ordersPerPhase: number;
  readonly faults: readonly Fault[];
  /** Where processes are ambushed; default everywhere. */
  readonly failPoints?: readonly FailPointName[];
  /** The checkout whose code the services run; default this one. */
  readonly root?: string;
  /** How long nothing may move before what is left counts as lost. */
  readonly stallMaxMs?: number;
  /** Ends at the first phase that finds something. */
  readonly stopsAtFirst?: boolean;
}

/** What a run found; nothing in `violations` means that the promise held. */
export interface Verdict {
  readonly options: FaultRunOptions;
  /** Each with the fault after which it was found. */
  readonly violations: readonly string[];
  readonly balance: Balance;
  readonly answers: Readonly<Record<string, number>>;
  readonly faults: Readonly<Record<string, number>>;
  readonly failPoints: ReadonlyMap<FailPointName, number>;
  /** The longest time from a heal to a new order of every store being counted. */
  readonly freshMaxMs: number;
  readonly tookMs: number;
}

const strikeAfterShare = [0.15, 0.5] as const;
const takenMaxMs = 300_000;
const stallDefaultMs = 60_000;
const mopUpsMax = 8;

/** Runs a whole world under faults, and tells what it found. */
export async function runFaults(options: FaultRunOptions): Promise<Verdict> {
  const startedAt = performance.now();
  const scope = openScope();
  const dice = makeDice(options.seed);
  const say = (what: string) =>
    console.log(`${((performance.now() - startedAt) / 1_000).toFixed(1).padStart(6)} s  ${what}`);
  try {
    const chance = makeDice(options.seed + 1).next;
    const { logKind, root = ownRoot } = options;
    const world = await openWorld(scope, { logKind, root, chance });
    await makeTenant(world);
    const scopes = ["orders:write", "sales:read"] as const;
    const { key } = await createApiKey(world.database.service, { tenantId, scopes });
    const urls = world
      .services("ingest")
      .map(({ name }) => `http://127.0.0.1:${world.ways.get(`tills > ${name}`)?.port}`);
    const tally = makeTally();
    const till = makeTill({ urls, key, dice: makeDice(options.seed + 2), tally });
    say(`the ${logKind} world stands; seed ${options.seed}`);
    const run = makeRun({ options, world, till, tally, dice, say });
    for (const phase of drawSchedule(
      options.faults,
      options.failPoints ?? failPointNames,
      options.rounds,
      dice,
    )) {
      await run.phase(phase);
      if (options.stopsAtFirst === true && run.violations.length > 0) break;
    }
    await run.mopUp();
    if (run.violations.length === 0) run.violations.push(...(await finalProof(world, root)));
    return run.verdict(performance.now() - startedAt);
  } finally {
    await scope.close();
  }
}

interface RunDeps {
  readonly options: FaultRunOptions;
  readonly world: World;
  readonly till: Till;
  readonly tally: Tally;
  readonly dice: Dice;
  readonly say: (what: string) => void;
}

function makeRun({ options, world, till, tally, dice, say }: RunDeps) {
  const { seed, ordersPerPhase, stallMaxMs = stallDefaultMs } = options;
  const expected: Expected = expectNothing();
  const violations: string[] = [];
  let balance: Balance | undefined;
  let slices = 0;
  let freshMaxMs = 0;

  async function sendMore(): Promise<void> {
    const slice = plainSlice(drawSlice(seed, slices++, Math.ceil(ordersPerPhase / 3)));
    expected.add(slice);
    await sendSlice(world, till, slice, dice).done;
  }

  function stageFor(sending: Sending): Stage {
    async function untilQuiet(): Promise<void> {
      await sending.done;
      const left = await untilSettled(world, expected.parkedIds.size, stallMaxMs);
      if (left !== undefined) throw new Error(`unsettled before the fault: ${left}`);
    }
    return { world, dice, say, untilQuiet, sendMore };
  }

  async function phase({ fault, ambushes }: Phase): Promise<void> {
    for (const { name, action } of ambushes) world.failPoints.arm(name, action);
    const waiting = ambushes.map(({ name, action }) => `${action} at ${name}`).join(", ");
    say(`-- ${fault.name}${waiting && ` (and ${waiting})`}`);
    const slice = drawSlice(seed, slices++, ordersPerPhase);
    expected.add(slice);
    const sending = sendSlice(world, till, slice, dice);
    const found: string[] = [];
    const attempt = async (work: () => Promise<void>) => {
      await work().catch((error: unknown) => {
        const message = error instanceof Error ? error.message : String(error);
        // At once: what follows may wait for a part that did not come back.
        say(`   went wrong: ${message}`);
        found.push(message);
      });
    };
    await attempt(async () => {
      const share = strikeAfterShare[0] + dice.next() * (strikeAfterShare[1] - strikeAfterShare[0]);
      await waitUntil(`${share} is taken`, () => sending.taken() >= share, takenMaxMs);
      await fault.strike(stageFor(sending));
      tally.happened(fault.name);
      const freshMs = await untilFresh(world, till, expected, slices++, seed);
      freshMaxMs = Math.max(freshMaxMs, freshMs);
      say(`   fresh after ${Math.round(freshMs)} ms`);
    });
    await attempt(() => sending.done);
    // Also after a fault that could not be healed as it should: what was acknowledged counts all the same.
    await attempt(async () => {
      const findings = await checkInvariant(world, expected, stallMaxMs);
      balance = findings.balance;
      found.push(...findings.violations);
      say(`   ${JSON.stringify(balance)}`);
    });
    for (const violation of found) say(`   VIOLATION ${violation}`);
    violations.push(...found.map((violation) => `${fault.name}: ${violation}`));
  }

  const timesAt = (name: FailPointName) =>
    world.failPoints.events().filter((event) => event.name === name).length;

  /** Some fail points were not reached while they lay in wait: they get their turn while nothing breaks. */
  async function mopUp(): Promise<void> {
    for (let tries = 0; tries < mopUpsMax && violations.length === 0; tries += 1) {
      const missing = (options.failPoints ?? failPointNames).filter(
        (name) => timesAt(name) < options.rounds,
      );
      if (missing.length === 0) return;
      const ambushes = missing.map((name) => ({ name, action: "kill" as const }));
      await phase({ fault: calm, ambushes });
    }
  }

  return {
    violations,
    phase,
    mopUp,
    verdict(tookMs: number): Verdict {
      const failPoints = new Map(failPointNames.map((name) => [name, timesAt(name)]));
      return {
        options,
        violations,
        balance: balance ?? emptyBalance,
        answers: tally.answers(),
        faults: tally.faults(),
        failPoints,
        freshMaxMs,
        tookMs,
      };
    },
  };
}

const emptyBalance: Balance = {
  sent: 0,
  counted: 0,
  parked: 0,
  rejected: 0,
  deadLettered: 0,
  lost: 0,
  twice: 0,
};
