import { expect, test } from "vitest";
import { decidePromotion } from "./promotion.ts";

const score = (wql: number) => ({ wql, wape: wql, coverage80: 0.8, coverage90: 0.9 });
const scores = (challenger: number, baseline: number, champion?: number) => ({
  challenger: score(challenger),
  baseline: score(baseline),
  champion: champion === undefined ? null : score(champion),
});

test("a new network serves when it is worse than neither rival, and says by which figures", () => {
  expect(decidePromotion(scores(0.3, 0.33)).serves).toBe("challenger");
  const promoted = decidePromotion(scores(0.3, 0.33, 0.3));
  expect(promoted.serves).toBe("challenger");
  expect(promoted.verdict).toContain("new network 0.3000, champion 0.3000, baseline 0.3300");
});

test("a new network that is worse than the champion does not serve", () => {
  expect(decidePromotion(scores(0.31, 0.33, 0.3)).serves).toBe("champion");
});

test("a first network that is worse than the baseline does not serve", () => {
  expect(decidePromotion(scores(0.34, 0.33)).serves).toBe("baseline");
});

test("the baseline serves again only when the champion is clearly worse", () => {
  expect(decidePromotion(scores(0.35, 0.33, 0.334)).serves).toBe("champion");
  expect(decidePromotion(scores(0.35, 0.33, 0.34)).serves).toBe("baseline");
});

test("without sales in the held-out weeks nothing changes", () => {
  const unknown = Number.NaN;
  expect(decidePromotion(scores(unknown, unknown, unknown)).serves).toBe("champion");
  expect(decidePromotion(scores(unknown, unknown)).serves).toBe("baseline");
});
