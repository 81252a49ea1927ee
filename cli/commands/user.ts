import { text as readAll } from "node:stream/consumers";
import {
  createPerson,
  endSessions,
  findPersonId,
  inviteAgain,
  listPeople,
  listSessions,
  type Role,
  requireTenant,
  roles,
} from "@tillcast/accounts";
import { type Command, Option } from "commander";
import { readEmail, readId, readIds } from "../arguments.ts";
import { addChangesOfUser } from "../people/change-user.ts";
import {
  type ActionContext,
  type ActionResult,
  example,
  jsonOption,
  runAction,
} from "../run-action.ts";
import { type ChangeContext, type ChangeResult, runChange } from "../run-change.ts";
import { openInstallation } from "../runtime/installation.ts";
import { describeLink, handOverLink } from "../runtime/sign-in-link.ts";
import { table } from "../table.ts";

interface NewUser {
  readonly tenant: string;
  readonly email: string;
  readonly role: Role;
  readonly stores?: readonly string[];
  readonly passwordStdin?: boolean;
}

export default function addUser(program: Command): void {
  const group = program
    .command("user")
    .description("make, list, change, invite and remove people who sign in");
  group
    .command("create")
    .description("make a person of a tenant; without a password, a link signs them in once")
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
      runChange(command, (context) => create(options, context)),
    );
  group
    .command("list")
    .description("list people with their role, stores and open sessions")
    .option("--tenant <id>", "only this tenant's", readId)
    .addOption(jsonOption())
    .addHelpText("after", example("user list --tenant T"))
    .action((options: { tenant?: string }, command: Command) =>
      runAction(command, (context) => list(options.tenant, context)),
    );
  addChangesOfUser(group);
  group
    .command("link <person>")
    .description("make a link by which a person signs in once and chooses a password")
    .addOption(jsonOption())
    .addHelpText("after", example("user link ana@example.com"))
    .action((person: string, _options: unknown, command: Command) =>
      runChange(command, (context) => link(person, context)),
    );
  group
    .command("sessions <person>")
    .description("list what a person has open, or end all of it")
    .option("--end", "end all of it; open pages close within ten seconds")
    .addOption(jsonOption())
    .addHelpText("after", example("user sessions ana@example.com --end"))
    .action((person: string, { end = false }: { end?: boolean }, command: Command) =>
      runChange(command, (context) => sessions(person, end, context)),
    );
}

async function create(user: NewUser, { scope, log, by }: ChangeContext): Promise<ActionResult> {
  // Before anything is opened, so that a missing password costs nothing.
  const password = user.passwordStdin === true ? await readPassword() : null;
  const installation = await openInstallation({ scope, log, role: "command" });
  const { tenant: tenantId, email, role, stores: storeIds = [] } = user;
  const { userId, linkToken } = await createPerson(installation.database.service, by, {
    tenantId,
    email,
    role,
    storeIds,
    password: password === null ? null : { text: password, field: "--password-stdin" },
  });
  const made = `Made ${role} ${userId}, ${email}.`;
  if (linkToken === null) return { ok: true, result: { userId }, text: made };
  const handed = await handOverLink(installation, { userId, token: linkToken });
  return { ok: true, result: { userId, ...handed }, text: `${made}\n${describeLink(handed)}` };
}

/** The whole of standard input without its last line break. */
const readPassword = async (): Promise<string> =>
  (await readAll(process.stdin)).replace(/\r?\n$/, "");

async function list(
  tenantId: string | undefined,
  { scope, log }: ActionContext,
): Promise<ActionResult> {
  const { database } = await openInstallation({ scope, log, role: "command" });
  if (tenantId !== undefined) await requireTenant(database.service, tenantId);
  const users = (await listPeople(database.service, tenantId)).map((one) => ({
    ...one,
    createdAt: instantText(one.createdAt),
    lastSeenAt: instantText(one.lastSeenAt),
  }));
  const rows = users.map((one) => [
    one.userId,
    one.email,
    one.role,
    one.allStores ? "all" : String(one.storeIds.length),
    one.isDisabled ? "disabled" : one.hasPassword ? "" : "invited",
    String(one.sessions),
    one.tenantId,
  ]);
  const headings = ["user", "email", "role", "stores", "state", "sessions", "tenant"];
  return { ok: true, result: { users }, text: table(headings, rows) };
}

async function link(person: string, { scope, log, by }: ChangeContext): Promise<ActionResult> {
  const installation = await openInstallation({ scope, log, role: "command" });
  const { service } = installation.database;
  const userId = await findPersonId(service, person);
  const token = await inviteAgain(service, by, userId);
  const handed = await handOverLink(installation, { userId, token });
  return { ok: true, result: { userId, ...handed }, text: describeLink(handed) };
}

async function sessions(
  person: string,
  end: boolean,
  { scope, log, by }: ChangeContext,
): Promise<ChangeResult> {
  const { database, clock } = await openInstallation({ scope, log, role: "command" });
  const userId = await findPersonId(database.service, person);
  if (end) {
    const ended = await endSessions(database.service, by, userId);
    return { ok: true, result: { userId, ended }, text: `Ended ${ended} sessions.` };
  }
  const open = (await listSessions(database.service, userId, clock.now())).map((one) => ({
    ...one,
    openedAt: instantText(one.openedAt),
    lastSeenAt: instantText(one.lastSeenAt),
    expiresAt: instantText(one.expiresAt),
  }));
  const rows = open.map((one) => [
    one.openedAt ?? "",
    one.lastSeenAt ?? "",
    one.address ?? "",
    one.browser ?? "",
  ]);
  return {
    ok: true,
    isRead: true,
    result: { userId, sessions: open },
    text: table(["opened", "last seen", "from", "browser"], rows),
  };
}

const instantText = (instantMs: number | null): string | null =>
  instantMs === null ? null : new Date(instantMs).toISOString();
