import { createTestDatabase, type TestDatabase } from "@tillcast/core/testing";
import { type ChargeKind, chargeKinds, composeNet, type Measures, netSql } from "@tillcast/schemas";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/** One more kind than there is: whoever adds one has it in both. */
const kinds = [...chargeKinds, "parking"] as readonly ChargeKind[];
const columns = ["net", "refund", "void", ...kinds.map((kind) => `charge_${kind}`)] as const;

test("net is one number in TypeScript and in SQL, for any row and any choice of charges", async () => {
  const amount = fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n });
  const rows = fc.array(
    fc.record({
      amounts: fc.tuple(...columns.map(() => amount)),
      netCharges: fc.subarray([...kinds]),
    }),
    { minLength: 200, maxLength: 200 },
  );
  for (const { amounts, netCharges } of fc.sample(rows, 1).flat()) {
    const row = Object.fromEntries(columns.map((name, at) => [name, amounts[at] as bigint]));
    const list = columns.map((name, at) => `${amounts[at]}::bigint as ${name}`).join(", ");
    const { rows: found } = await database.database.service.query<{ bare: string; named: string }>(
      `select (${netSql("$1", "", kinds)})::text as bare, (${netSql("$1", "r", kinds)})::text as named
       from (select ${list}) r`,
      [netCharges],
    );
    const wanted = composeNet(row as Measures, netCharges).toString();
    expect(found).toEqual([{ bare: wanted, named: wanted }]);
  }
});
