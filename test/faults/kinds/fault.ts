import type { Dice } from "../../support/dice.ts";
import type { LogKind } from "../world/log-side.ts";
import type { World } from "../world/world.ts";

/** The world that a fault strikes, and its random numbers. */
export interface Stage {
  readonly world: World;
  readonly dice: Dice;
  /** Prints what the fault does. */
  readonly say: (what: string) => void;
  /** Waits until everything that was sent is acknowledged and settled. */
  readonly untilQuiet: () => Promise<void>;
  /** Sends orders of known stores until all are acknowledged. They may not be settled yet. */
  readonly sendMore: () => Promise<void>;
}

/** One kind of fault. */
export interface Fault {
  /** Its name, such as `kill ingest`. */
  readonly name: string;
  /** The log that it applies to. Default: both. */
  readonly only?: LogKind;
  /** True if this machine cannot do it. The run reports that. */
  readonly isImpossible?: boolean;
  /** Strikes, waits and heals. When it resolves, every part runs or starts again. */
  readonly strike: (stage: Stage) => Promise<void>;
}
