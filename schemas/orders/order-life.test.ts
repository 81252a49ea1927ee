import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isSurelySameLife, lifeDifference, type OrderLife } from "./order-life.ts";

const noon = Date.parse("2026-01-16T11:00:00Z");
const hour = 3_600_000;
const bill = (change: Partial<OrderLife> = {}): OrderLife => ({
  storeId: "a",
  locationId: "a",
  registerId: "1",
  openedAt: noon,
  content: { lines: ["soup"], payments: ["p1 cash 1000 12:00"] },
  ...change,
});
const cake = { lines: ["cake"], payments: ["p1 cash 400 12:00 next day"] };
const bare = { lines: [], payments: [] };

describe("whether two pictures are of one bill", () => {
  it("an edit keeps its bill, whatever was put on it", () => {
    expect(lifeDifference(bill(), bill({ content: cake }))).toBeUndefined();
    expect(lifeDifference(bill({ content: bare }), bill())).toBeUndefined();
  });

  it("another store is another bill, unless one location was mapped anew", () => {
    expect(lifeDifference(bill(), bill({ storeId: "b", locationId: "b" }))).toContain("store");
    expect(lifeDifference(bill(), bill({ storeId: "b" }))).toBeUndefined();
  });

  it("another register is another bill, unless it was opened then and something on it is the same", () => {
    expect(lifeDifference(bill(), bill({ registerId: "2", content: cake }))).toContain("register");
    expect(lifeDifference(bill(), bill({ registerId: "2" }))).toBeUndefined();
    expect(lifeDifference(bill({ content: bare }), bill({ registerId: "2" }))).toBeUndefined();
    expect(lifeDifference(bill(), bill({ registerId: null, content: cake }))).toBeUndefined();
  });

  it("a number used again is another bill, also for the same coffee an hour, a day or a year later", () => {
    for (const after of [hour, 21 * hour, 24 * hour, 8_760 * hour]) {
      const again = { openedAt: noon + after, content: { ...cake, lines: ["soup"] } };
      expect(lifeDifference(bill(), bill(again))).toContain("opened");
    }
  });

  it("a payment in common makes one bill of two openings", () => {
    expect(lifeDifference(bill(), bill({ openedAt: noon + 3 * hour }))).toBeUndefined();
  });

  it("a message that tells the opening to the minute is of the same bill", () => {
    const paid = { lines: ["soup"], payments: [] };
    const toTheMinute = { openedAt: noon + 59_999, content: paid };
    expect(lifeDifference(bill(), bill(toTheMinute))).toBeUndefined();
    expect(lifeDifference(bill(), bill({ ...toTheMinute, openedAt: noon + 60_000 }))).toBeDefined();
    const other = { content: { lines: ["cake"], payments: [] } };
    expect(lifeDifference(bill(), bill({ ...other, openedAt: noon + 999 }))).toBeUndefined();
    expect(lifeDifference(bill(), bill({ ...other, openedAt: noon + 1_000 }))).toBeDefined();
  });

  const life: fc.Arbitrary<OrderLife> = fc.record({
    storeId: fc.constantFrom("a", "b"),
    locationId: fc.constantFrom("a", "b"),
    registerId: fc.constantFrom("1", "2", null),
    openedAt: fc.constantFrom(noon, noon + 500, noon + 30_000, noon + hour, noon + 24 * hour),
    content: fc.record({
      lines: fc.subarray(["soup", "cake", "tea"]),
      payments: fc.subarray(["p1", "p2"]),
    }),
  });

  it("does not depend on which of the two came first, and every bill is its own", () => {
    fc.assert(
      fc.property(life, life, (one, other) => {
        expect(lifeDifference(one, other) === undefined).toBe(
          lifeDifference(other, one) === undefined,
        );
        expect(lifeDifference(one, one)).toBeUndefined();
        if (isSurelySameLife(one, other)) expect(lifeDifference(one, other)).toBeUndefined();
      }),
    );
  });

  it("parks at least what has nothing in common and another register or an opening a day away", () => {
    fc.assert(
      fc.property(life, life, (one, other) => {
        const { lines = [], payments = [] } = one.content ?? {};
        const isCommon =
          other.content?.lines.some((line) => lines.includes(line)) ||
          other.content?.payments.some((payment) => payments.includes(payment));
        const isBare = [one, other].some(
          ({ content }) => content?.lines.length === 0 && content.payments.length === 0,
        );
        const isFar = Math.abs(one.openedAt - other.openedAt) >= 24 * hour;
        const isOtherRegister =
          one.registerId !== null &&
          other.registerId !== null &&
          one.registerId !== other.registerId;
        if (isCommon || isBare || !(isFar || isOtherRegister)) return;
        expect(lifeDifference(one, other)).toBeDefined();
      }),
    );
  });
});
