import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assignedCount, planAssignment } from "./partition-assignment.ts";

const memberKeys = fc.uniqueArray(fc.integer(), { minLength: 1, maxLength: 12 });

describe("sharing partitions", () => {
  it("divides all partitions and no more, with shares that differ by one at most", () => {
    fc.assert(
      fc.property(memberKeys, fc.constantFrom(1, 2, 4, 8, 16), (members, partitions) => {
        const shares = members.map((me) => assignedCount(members, me, partitions));
        expect(shares.reduce((sum, share) => sum + share, 0)).toBe(partitions);
        expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("comes to rest at even shares from any start, when each member acts on what it sees", () => {
    const owners = fc.array(fc.integer({ min: -1, max: 11 }), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(memberKeys, owners, (members, start) => {
        const owner = start.map((index) => (index < 0 ? undefined : members[index]));
        for (let round = 0; round < 3; round += 1) {
          for (const me of members) {
            const held = owner.flatMap((key, partition) => (key === me ? [partition] : []));
            const taken = owner.flatMap((key, partition) => (key === undefined ? [] : [partition]));
            const plan = planAssignment({
              members,
              me,
              partitions: owner.length,
              taken: new Set(taken),
              mine: new Set(held),
            });
            for (const partition of plan.giveBack) owner[partition] = undefined;
            for (const partition of plan.take) owner[partition] = me;
          }
        }
        for (const me of members) {
          expect(owner.filter((key) => key === me)).toHaveLength(
            assignedCount(members, me, owner.length),
          );
        }
      }),
    );
  });
});
