/** Decides by a backtest's figures who serves: the new network, the present one, or the baseline. */
import type { ModelScores } from "../network/train-in-worker.ts";

/** A champion gives way to the baseline only where it is this much worse; less is luck. */
const baselineMargin = 1.02;

/** Who serves from now on, and the comparison in words. */
export interface Promotion {
  readonly serves: keyof ModelScores;
  readonly verdict: string;
}

/**
 * The new network serves when it was worse than neither rival. Where nothing was sold in the held-out
 * weeks, nothing is known, and all stays as it is.
 */
export function decidePromotion(scores: ModelScores): Promotion {
  const { challenger, champion, baseline } = scores;
  const figures = [
    `new network ${shown(challenger.wql)}`,
    champion === null ? "no champion" : `champion ${shown(champion.wql)}`,
    `baseline ${shown(baseline.wql)}`,
  ].join(", ");
  const decide = (serves: keyof ModelScores, what: string): Promotion => ({
    serves,
    verdict: `${what} (weighted quantile loss: ${figures})`,
  });
  if (challenger.wql <= Math.min(champion?.wql ?? Number.POSITIVE_INFINITY, baseline.wql)) {
    return decide("challenger", "the new network serves");
  }
  if (champion === null) return decide("baseline", "the baseline goes on serving");
  if (champion.wql > baseline.wql * baselineMargin) {
    return decide("baseline", "the baseline serves again");
  }
  return decide("champion", "the champion goes on serving");
}

function shown(loss: number): string {
  return Number.isFinite(loss) ? loss.toFixed(4) : "unknown";
}
