import type { Settings } from "@tillcast/core";
import type { ProcessorDeps } from "@tillcast/stream-processors";
import type { proofSettings } from "./config.ts";

/** What the proofs that run beside the ledger processor stand on. */
export interface ProofsDeps extends Omit<ProcessorDeps, "settings"> {
  readonly settings: Settings<typeof proofSettings>;
}
