import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Scope } from "@tillcast/core";
import {
  type ImportRequest,
  type ImportResult,
  importFiles,
  type RowFault,
} from "@tillcast/ingest";
import { type OrderSnapshot, orderSnapshotCodec } from "@tillcast/schemas";
import { openTestInstallation, type TestInstallation } from "./open-installation.ts";
import { startProcessors } from "./pipeline.ts";
import { addStore, addTenant } from "./tenants.ts";

const cases = fileURLToPath(new URL("../../ingest/sources/file/testing/cases/", import.meta.url));
const header = "order_id,opened_at,item,qty,unit_price\n";

/** An installation that counts what is imported, with files to write and sums to read. */
export interface ImportDesk {
  readonly installation: TestInstallation;
  readonly tenantId: string;
  /** Where files of a test may be written. */
  readonly folder: string;
  newStore(): Promise<string>;
  /** Imports files of the cases, or others by their whole path. */
  imported(
    storeId: string,
    files: readonly string[],
    more?: Partial<ImportRequest>,
  ): Promise<{ result: ImportResult; faults: RowFault[]; notes: string[] }>;
  /** Net of refunds and voids by business date, in cents, as the rollups have it. */
  netByDay(storeId: string): Promise<Record<string, string>>;
  /** The orders of a store as the ledger keeps them, by number. */
  storedOrders(storeId: string): Promise<OrderSnapshot[]>;
  /** Writes a file of the documented columns and answers its path. */
  write(name: string, rows: string): string;
}

/** Opens the desk; the scope closes it. */
export async function openImportDesk(scope: Scope): Promise<ImportDesk> {
  const folder = mkdtempSync(join(tmpdir(), "tillcast-cases-"));
  scope.defer(() => rmSync(folder, { recursive: true, force: true }));
  const installation = await openTestInstallation(scope);
  await startProcessors(scope, installation);
  const { service } = installation.database;
  const { tenantId } = await addTenant(service, "Cases");
  return {
    installation,
    tenantId,
    folder,
    newStore: () => addStore(service, tenantId, { timeZone: "Europe/Berlin", currency: "EUR" }),
    async imported(storeId, files, more = {}) {
      const faults: RowFault[] = [];
      const notes: string[] = [];
      const result = await importFiles(installation, {
        storeId,
        profile: "generic",
        paths: files.map((file) => (file.startsWith("/") ? file : join(cases, file))),
        onBadRow: (fault) => faults.push(fault),
        onNote: (note) => notes.push(note),
        ...more,
      });
      return { result, faults, notes };
    },
    async netByDay(storeId) {
      const { rows } = await service.query<{ date: string; net: string }>(
        `select business_date::text as date, sum(net - refund - void)::text as net
         from rollup_day where store_id = $1 group by business_date order by business_date`,
        [storeId],
      );
      return Object.fromEntries(rows.map(({ date, net }) => [date, net]));
    },
    async storedOrders(storeId) {
      const { rows } = await service.query<{ snapshot: Buffer }>(
        "select snapshot from order_head where store_id = $1 order by order_id",
        [storeId],
      );
      return rows.map(({ snapshot }) => orderSnapshotCodec.decode(snapshot));
    },
    write(name, rows) {
      const path = join(folder, name);
      writeFileSync(path, header + rows);
      return path;
    },
  };
}
