/** What the training worker and its parent say to one another. */
import type { Series } from "../series.ts";
import type { TrainingSettings } from "./train-network.ts";

/** The worker's whole job, handed over at its start. */
export interface TrainingRequest {
  readonly stores: readonly Series[];
  readonly settings: TrainingSettings;
}

/** The worker's answers: any number of `progress`, then one `done`. */
export type TrainingMessage =
  | { readonly kind: "progress"; readonly done: number; readonly loss: number }
  | {
      readonly kind: "done";
      readonly weights: Uint8Array<ArrayBuffer>;
      readonly rows: number;
      readonly cpuSeconds: number;
    };
