import { runStatement, type Statement } from "@tillcast/core/database";
import type { ClientBase } from "pg";

interface MeRow {
  readonly tenant_name: string;
  readonly is_demo: boolean;
  readonly must_set_password: boolean | null;
}

const selectMe: Statement = {
  name: "gateway-me",
  text: `
    select
      t.name as tenant_name,
      t.is_demo,
      (select not u.has_password from app_user u where u.user_id = $2) as must_set_password
    from tenant t
    where t.tenant_id = $1`,
};

/** The tenant of a principal, and whether the person has a password. */
export async function loadMe(
  db: Pick<ClientBase, "query">,
  tenantId: string,
  userId: string | undefined,
): Promise<{ tenantName: string; isDemo: boolean; mustSetPassword: boolean } | undefined> {
  const { rows } = await runStatement<MeRow & Record<string, unknown>>(db, selectMe, [
    tenantId,
    userId ?? null,
  ]);
  const [row] = rows;
  return (
    row && {
      tenantName: row.tenant_name,
      isDemo: row.is_demo,
      mustSetPassword: row.must_set_password ?? false,
    }
  );
}
