/** How a proxy carries bytes. */
export type Weather =
  | { readonly kind: "fair" }
  /** Every chunk of bytes is delayed, each by a different time. */
  | { readonly kind: "slow"; readonly latencyMs: number; readonly jitterMs: number }
  | { readonly kind: "narrow"; readonly bytesPerSecond: number }
  /** Connections break, and further ones are refused. */
  | { readonly kind: "refused" }
  /** Connections are accepted and stay open, and no bytes arrive. */
  | { readonly kind: "blackHole" }
  /** The near ends break. The far ends get no notice. */
  | { readonly kind: "halfOpen" };

export const fair: Weather = { kind: "fair" };

/** When bytes that are sent now arrive, after those sent before them. `chance` is in [0, 1). */
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
