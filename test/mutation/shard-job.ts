import type { MutatedFile } from "./read-sources.ts";

/** What one process tries. */
export interface ShardJob {
  readonly files: readonly MutatedFile[];
  /** Test files below the root. */
  readonly tests: readonly string[];
  readonly mutantIds: readonly number[];
  /** A mutant that is on before any module is loaded; nothing else is tried then. */
  readonly activeFromStart?: number;
  /** Results are appended here, a line each, so that they outlive a process that a mutant brings down. */
  readonly resultsFile: string;
  /** How long the tests of one mutant may take: this, and this many times what they took without it. */
  readonly timeoutMs: number;
  readonly timeoutFactor: number;
}

export type Outcome =
  /** A test failed. */
  | "killed"
  /** No test that reaches it failed. */
  | "survived"
  /** A test did not end, or the process did. */
  | "timedOut"
  /** No test reaches it. */
  | "unreached"
  /** Reached while modules are loaded; has to be on from the start. */
  | "atLoad"
  | "begun";

/** A line of the results; a fault says that the tests themselves are not fit. */
export type MutantResult =
  | { readonly id: number; readonly outcome: Outcome; readonly by?: string }
  | { readonly fault: string };
