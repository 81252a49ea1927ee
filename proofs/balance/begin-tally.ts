import { runStatement, type Statement } from "@tillcast/core/database";
import { LEDGER_GROUP } from "@tillcast/schemas";
import type { Pool } from "pg";

const restartTallies: Statement = {
  name: "balance-begin-tally",
  text: `
    update checkpoint set tally_from = position, settled_records = 0
    where group_name = $1`,
};

/** Restarts the ledger's tallies at its present positions, after a difference is explained. Resolves with their number. */
export async function beginTally(pool: Pool): Promise<number> {
  const { rowCount } = await runStatement(pool, restartTallies, [LEDGER_GROUP]);
  return rowCount ?? 0;
}
