import { makeAvroCodec, minor, named } from "@tillcast/schemas";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  asDatabaseUnavailable,
  ColumnValueError,
  isDatabaseUnavailable,
  isDataFault,
  isExhausted,
} from "./database-errors.ts";

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

describe("a fault of a record", () => {
  it.each(["22003", "22007", "22008", "22021", "22P02", "22P05"])("is %s", (code) => {
    expect(isDataFault(coded(code))).toBe(true);
  });

  it("is a number that bytes or columns cannot hold, by its code", () => {
    const notes = makeAvroCodec(named("Note", z.object({ amount: minor })));
    expect(isDataFault(faultOf(() => notes.encode({ amount: 2n ** 60n })))).toBe(true);
    expect(isDataFault(new ColumnValueError("not a date: tomorrow"))).toBe(true);
  });

  it.each(["23502", "23503", "23505", "23514", "22012", "42703", "53200"])(
    "is not %s, which a migration or a fault of ours brings to every record",
    (code) => {
      expect(isDataFault(coded(code))).toBe(false);
    },
  );

  it("is not a stack or a memory that ran out", () => {
    const sink = (): number => 1 + sink();
    const faults = [
      faultOf(sink),
      faultOf(() => new ArrayBuffer(Number.MAX_SAFE_INTEGER)),
      faultOf(() => "x".repeat(2 ** 30)),
    ];
    for (const fault of faults) {
      expect(fault).toBeInstanceOf(RangeError);
      expect(isDataFault(fault)).toBe(false);
      expect(isExhausted(fault)).toBe(true);
    }
    expect(isExhausted(new ColumnValueError("5 is out of range"))).toBe(false);
    expect(isExhausted(new Error("truncated buffer"))).toBe(false);
  });
});

function faultOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error("nothing failed");
}
