import { describe, expect, it } from "vitest";
import { asDatabaseUnavailable, isDatabaseUnavailable } from "./database-errors.ts";

const coded = (code: string) => Object.assign(new Error("as PostgreSQL says it"), { code });

describe("a fault of the database", () => {
  it.each(["ECONNREFUSED", "57P03", "08006", "53300", "53100", "53200", "25006", "58030"])(
    "%s passes without our doing",
    (code) => {
      expect(asDatabaseUnavailable(coded(code))).toMatchObject({ code: "databaseUnavailable" });
      const several = new AggregateError([new Error("another"), coded(code)]);
      expect(isDatabaseUnavailable(several)).toBe(true);
    },
  );

  it("says that the disk is full, not by a number", () => {
    expect(asDatabaseUnavailable(coded("53100"))?.message).toBe(
      "The database cannot be used at present: its disk is full.",
    );
  });

  it.each(["23505", "22003", "42P01", "42501"])(
    "%s is a fault of ours, and stays what it is",
    (code) => {
      expect(asDatabaseUnavailable(coded(code))).toBeUndefined();
    },
  );
});
