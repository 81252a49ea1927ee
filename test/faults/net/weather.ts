/** How bytes travel by a way at present. */
export type Weather =
  | { readonly kind: "fair" }
  /** Every stretch of bytes comes later, each by another delay. */
  | { readonly kind: "slow"; readonly latencyMs: number; readonly jitterMs: number }
  | { readonly kind: "narrow"; readonly bytesPerSecond: number }
  /** Connections break, and further ones are refused. */
  | { readonly kind: "refused" }
  /** Connections are taken and stay, and nothing arrives at either end. */
  | { readonly kind: "blackHole" }
  /** The near ends break; the far ones hear nothing of it. */
  | { readonly kind: "halfOpen" };

export const fair: Weather = { kind: "fair" };

/** When bytes that set out now arrive, behind those that set out before them; `chance` is in [0, 1). */
export function arrivalAt(
  weather: Weather,
  way: {
    readonly bytes: number;
    readonly nowMs: number;
    readonly lastArrivalMs: number;
    readonly chance: number;
  },
): number {
  const { bytes, nowMs, lastArrivalMs, chance } = way;
  if (weather.kind === "slow") {
    return Math.max(lastArrivalMs, nowMs + weather.latencyMs + chance * weather.jitterMs);
  }
  const sendingMs = weather.kind === "narrow" ? (bytes * 1_000) / weather.bytesPerSecond : 0;
  return Math.max(lastArrivalMs, nowMs) + sendingMs;
}
