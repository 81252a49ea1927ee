import type { Dice } from "../../support/dice.ts";
import type { LogKind } from "../world/log-side.ts";
import type { World } from "../world/world.ts";

/** Where a fault strikes, and what its chances are drawn from. */
export interface Stage {
  readonly world: World;
  readonly dice: Dice;
  /** Tells the run what is being done, for its print. */
  readonly say: (what: string) => void;
  /** Waits until everything that was sent is acknowledged and settled. */
  readonly untilQuiet: () => Promise<void>;
  /** Sends orders of known stores until all are acknowledged; they may not be settled yet. */
  readonly sendMore: () => Promise<void>;
}

/** One kind of fault. */
export interface Fault {
  /** As it is counted, such as `kill ingest`. */
  readonly name: string;
  /** Absent: on both. */
  readonly only?: LogKind;
  /** True where this machine cannot do it; the run says so. */
  readonly isImpossible?: boolean;
  /** Strikes, holds and heals: when it resolves, every part is up again or coming up. */
  readonly strike: (stage: Stage) => Promise<void>;
}
