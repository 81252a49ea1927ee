import { rmSync } from "node:fs";
import { join } from "node:path";
import { openScope } from "@tillcast/core";
import { type ImportResult, importFiles, type RowFault } from "@tillcast/ingest";
import { verifyTables } from "@tillcast/proofs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { corruptCopy } from "../support/corrupt-lines.ts";
import { openTestInstallation, type TestInstallation } from "../support/open-installation.ts";
import { startProcessors } from "../support/pipeline.ts";
import { type DayTotal, pizzeria, takeaway, totalsByDay } from "../support/real-shops.ts";
import { describeWithSharedData, sharedData } from "../support/shared-data.ts";
import { addStore, addTenant } from "../support/tenants.ts";

const seed = Number(process.env.TILLCAST_TEST_SEED ?? 2_015);
const badRowCount = 80;
const importMaxMs = 180_000;

describeWithSharedData("real shops' orders", () => {
  const scope = openScope();
  let installation: TestInstallation;
  let tenantId: string;

  beforeAll(async () => {
    console.log(`real orders: seed ${seed}`);
    installation = await openTestInstallation(scope);
    await startProcessors(scope, installation);
    ({ tenantId } = await addTenant(installation.database.service, "Shops"));
  });
  afterAll(() => scope.close());

  describe.each([pizzeria, takeaway])("$profile", (shop) => {
    const folder = join(sharedData, shop.folder);
    const { timeZone, currency } = shop;
    let storeId: string;
    let corruptedId: string;
    const newStore = () =>
      addStore(installation.database.service, tenantId, { timeZone, currency });

    test(
      "sums to the cent by business day and in all, as computed from the files",
      async () => {
        storeId = await newStore();
        const bills = [...shop.readBills(folder).values()];
        const { result, faults } = await imported(storeId, folder);
        expect(faults).toEqual([]);
        const net = String(bills.reduce((sum, bill) => sum + bill.cents, 0n));
        const accepted = shop.orderCount;
        expect(result).toEqual({ accepted, duplicates: 0, rejected: 0, net });
        expect(await storedDays(storeId)).toEqual(totalsByDay(bills));
      },
      importMaxMs,
    );

    test(
      "imported twice it is as if imported once",
      async () => {
        const before = await ledgerRows(storeId);
        const { result } = await imported(storeId, folder);
        expect(result).toMatchObject({ accepted: 0, duplicates: shop.orderCount, rejected: 0 });
        expect(await ledgerRows(storeId)).toEqual(before);
      },
      importMaxMs,
    );

    test(
      "a corrupted copy reports each bad row by file and line, and loses no good order",
      async () => {
        const copy = corruptCopy(shop, folder, { seed, count: badRowCount });
        scope.defer(() => rmSync(copy.folder, { recursive: true, force: true }));
        corruptedId = await newStore();
        const { result, faults } = await imported(corruptedId, copy.folder);
        expect(faults.map(({ file, line }) => `${file}:${line}`).sort()).toEqual(copy.badRows);
        expect(new Set(faults.map(({ orderId }) => orderId))).toEqual(copy.spoiled);
        for (const { column, reason } of faults) expect(`${column} ${reason}`).toMatch(/\w{3}/);
        const good = [...shop.readBills(folder).values()].filter(({ id }) => !copy.spoiled.has(id));
        expect(result).toMatchObject({ accepted: good.length, rejected: badRowCount });
        expect(await storedDays(corruptedId)).toEqual(totalsByDay(good));
      },
      importMaxMs,
    );

    test(
      "the true files after a corrupted copy bring what was missing, and nothing twice",
      async () => {
        const { result } = await imported(corruptedId, folder);
        const duplicates = shop.orderCount - badRowCount;
        expect(result).toMatchObject({ accepted: badRowCount, duplicates, rejected: 0 });
        expect(await storedDays(corruptedId)).toEqual(await storedDays(storeId));
      },
      importMaxMs,
    );

    async function imported(
      into: string,
      path: string,
    ): Promise<{ result: ImportResult; faults: RowFault[] }> {
      const faults: RowFault[] = [];
      const onBadRow = (fault: RowFault) => faults.push(fault);
      const request = { storeId: into, profile: shop.profile, paths: [path], onBadRow };
      return { result: await importFiles(installation, request), faults };
    }
  });

  test(
    "in the end verify says equal",
    async () => {
      expect((await verifyTables(installation.database.service)).differences).toEqual([]);
    },
    importMaxMs,
  );

  async function storedDays(storeId: string): Promise<DayTotal[]> {
    const { rows } = await installation.database.service.query<DayTotal>(
      `select business_date::text as date, sum(net)::text as net, sum(orders)::int as orders,
         (sum(items) / 1000000)::bigint::text as units
       from rollup_day where store_id = $1 group by business_date order by business_date`,
      [storeId],
    );
    return rows;
  }

  async function ledgerRows(storeId: string) {
    const { rows } = await installation.database.service.query(
      `select count(*)::int as entries, sum(hashtextextended(l::text, 0)::numeric)::text as digest
       from ledger_entry l where store_id = $1`,
      [storeId],
    );
    return rows;
  }
});
