import { chargeKinds, netSql } from "@tillcast/schemas";
import { expect, test } from "vitest";
import { isTest, sourcesOf, workspaces } from "./house/sources.ts";

/** Where the columns of charges are defined, and net is composed of them. */
const homes = ["schemas/sales/measures.ts", "schemas/sales/net.ts"];
const columnOfCharge = new RegExp(`charge_(${chargeKinds.join("|")})\\b`);

test("net is composed in one place: nothing else names a column of charges", () => {
  const sources = workspaces.flatMap(sourcesOf).filter(({ path }) => !isTest(path));
  const naming = sources.filter(({ text }) => columnOfCharge.test(text)).map(({ path }) => path);
  expect(naming.filter((path) => !homes.includes(path))).toEqual([]);
  expect(naming).toContain("schemas/sales/measures.ts");
});

test("every kind of charge is in the SQL of net", () => {
  for (const kind of chargeKinds) {
    expect(netSql("$1")).toContain(`when '${kind}' = any($1::text[]) then charge_${kind} else`);
  }
});
