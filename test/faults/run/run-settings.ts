import { type LogKind, logKinds } from "../world/log-side.ts";

/** How long and on what a fault run goes. */
export interface RunSettings {
  readonly seeds: readonly number[];
  readonly logKinds: readonly LogKind[];
  /** How often each fault strikes, and how often something happens at each fail point, at least. */
  readonly rounds: number;
  /** True for the short run: what both logs could have strikes on one of them, drawn from the seed. */
  readonly isShared: boolean;
  /** Orders of one run, about. */
  readonly ordersCount: number;
  /** Names of faults; undefined is all. */
  readonly only: readonly string[] | undefined;
}

const defaultOrders = "3000";

/** Reads the environment: absent variables make it the short run, with a seed of the moment. */
export function readRunSettings(env: NodeJS.ProcessEnv): RunSettings {
  const seeds = env.TILLCAST_FAULTS_SEEDS ?? String(Date.now() % 1_000_000);
  const rounds = env.TILLCAST_FAULTS_ROUNDS;
  const wanted = env.TILLCAST_FAULTS_LOGS?.split(",");
  return {
    seeds: seeds.split(",").map(Number),
    logKinds: logKinds.filter((kind) => wanted?.includes(kind) ?? true),
    rounds: Number(rounds ?? 1),
    isShared:
      rounds === undefined && wanted === undefined && env.TILLCAST_FAULTS_ONLY === undefined,
    ordersCount: Number(env.TILLCAST_FAULTS_ORDERS ?? defaultOrders),
    only: env.TILLCAST_FAULTS_ONLY?.split(","),
  };
}
