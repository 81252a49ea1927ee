import { randomUUID } from "node:crypto";
import { text as readAll } from "node:stream/consumers";
import { hashPassword, type Role, roles } from "@tillcast/accounts";
import { appError } from "@tillcast/core";
import { inTransaction } from "@tillcast/core/database";
import { RedeemLink } from "@tillcast/schemas";
import { type Command, Option } from "commander";
import { readEmail, readId, readIds } from "../arguments.ts";
import {
  type ActionContext,
  type ActionResult,
  example,
  jsonOption,
  runAction,
} from "../run-action.ts";
import { openInstallation } from "../runtime/installation.ts";
import { runningAddress } from "../runtime/own-address.ts";
import { makeSignInToken, serverAddress, signInLink } from "../runtime/sign-in-link.ts";
import { requireStores, requireTenant } from "../runtime/tenants.ts";

const insertUser = `
  insert into app_user (user_id, tenant_id, email, password_hash, role, all_stores)
  values ($1, $2, $3, $4, $5, $6)
  on conflict (email) do nothing`;

const insertUserStores = `
  insert into user_store (user_id, store_id, tenant_id)
  select $1, store_id, $3 from unnest($2::uuid[]) as store_id`;

interface NewUser {
  readonly tenant: string;
  readonly email: string;
  readonly role: Role;
  readonly stores?: readonly string[];
  readonly passwordStdin?: boolean;
}

export default function addUser(program: Command): void {
  const group = program.command("user").description("make people who sign in");
  group
    .command("create")
    .description(
      "make a person of a tenant; without a password, a link is printed that signs them in once",
    )
    .requiredOption("--tenant <id>", "whose person it is", readId)
    .requiredOption("--email <email>", "how they sign in", readEmail)
    .addOption(new Option("--role <role>", "what they may do").choices(roles).makeOptionMandatory())
    .option(
      "--stores <ids>",
      "only these stores, separated by commas; else all, for a manager none",
      readIds,
    )
    .option("--password-stdin", "read the password from standard input")
    .addOption(jsonOption())
    .addHelpText("after", example("user create --tenant T --email ana@example.com --role viewer"))
    .action((options: NewUser, command: Command) =>
      runAction(command, (context) => createUser(options, context)),
    );
}

async function createUser(user: NewUser, { scope, log }: ActionContext): Promise<ActionResult> {
  // Before anything is opened, so that a missing password costs nothing.
  const passwordHash =
    user.passwordStdin === true ? await hashPassword(await readPassword()) : null;
  const { database, clock, settings } = await openInstallation({ scope, log, role: "command" });
  const { tenant: tenantId, email, role } = user;
  const address =
    (await runningAddress(settings.TILLCAST_DATA_DIR)) ??
    serverAddress(settings.HOST, settings.PORT);
  const storeIds = [...new Set(user.stores ?? [])];
  await requireTenant(database.service, tenantId);
  await requireStores(database.service, tenantId, storeIds);
  const userId = randomUUID();
  const link = await inTransaction(database.service, async (tx) => {
    const made = await tx.query(insertUser, [
      ...[userId, tenantId, email, passwordHash, role],
      role === "owner" || (role !== "manager" && storeIds.length === 0),
    ]);
    if (made.rowCount !== 1) throw appError("conflict", { reason: `${email} is taken` });
    await tx.query(insertUserStores, [userId, storeIds, tenantId]);
    if (passwordHash !== null) return undefined;
    const token = await makeSignInToken(tx, { userId, tenantId }, clock.now());
    return signInLink(address, token);
  });
  const made = `Made ${role} ${userId}, ${email}.`;
  return {
    ok: true,
    result: link === undefined ? { userId } : { userId, link },
    text: link === undefined ? made : `${made}\nSigns in once, within an hour: ${link}`,
  };
}

/** The whole of standard input without its last line break. */
async function readPassword(): Promise<string> {
  const given = (await readAll(process.stdin)).replace(/\r?\n$/, "");
  const parsed = RedeemLink.shape.password.unwrap().safeParse(given);
  if (parsed.success) return parsed.data;
  throw appError("validationFailed", {
    field: "--password-stdin",
    reason: "the password on standard input must have 10 to 1000 characters",
  });
}
