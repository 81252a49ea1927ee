import { runStatement, type Statement } from "@tillcast/core/database";
import type { ClientBase } from "pg";
import { assertGoodPassword } from "./password-rules.ts";
import { hashPassword } from "./passwords.ts";

const selectNames: Statement = {
  name: "passwords-own-words",
  text: `
    select name from tenant where tenant_id = $1
    union all
    (select name from store where tenant_id = $1 order by created_at limit 500)`,
};

/**
 * Hashes a password that somebody chooses, and refuses at `field` one that others would try. One that was chosen
 * under older rules goes on working: it is only compared.
 */
export async function hashGoodPassword(
  db: Pick<ClientBase, "query">,
  chosen: {
    readonly text: string;
    readonly field: string;
    readonly of: { readonly tenantId: string; readonly email: string };
  },
): Promise<string> {
  const { text, field, of } = chosen;
  const { rows } = await runStatement<{ name: string }>(db, selectNames, [of.tenantId]);
  assertGoodPassword(text, { field, ownWords: [of.email, ...rows.map(({ name }) => name)] });
  return hashPassword(text);
}
