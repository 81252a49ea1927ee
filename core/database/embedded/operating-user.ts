import { execFile, spawnSync } from "node:child_process";
import { chmod, chown, stat } from "node:fs/promises";
import { promisify } from "node:util";
import { appError } from "../../errors.ts";

const run = promisify(execFile);

/** The user that PostgreSQL runs as: our own, or `postgres` if we are root, because PostgreSQL refuses root. */
export interface OperatingUser {
  /** Set only if we are root. */
  readonly ids: { readonly uid: number; readonly gid: number } | undefined;
  /** True if that user can enter the directory and all directories above it. */
  canEnter(directory: string): boolean;
  /** Allows only that user to enter a closed directory of ours. */
  admit(directory: string): Promise<void>;
  /** Gives a file or directory to that user. */
  own(path: string): Promise<void>;
}

const userName = "postgres";

/** Finds the user. As root, creates it if it is missing. */
export async function operatingUser(): Promise<OperatingUser> {
  if (process.getuid?.() !== 0) {
    const nothing = async () => undefined;
    return { ids: undefined, canEnter: () => true, admit: nothing, own: nothing };
  }
  const ids = (await findUser()) ?? (await makeUser());
  return {
    ids,
    canEnter: (directory) => testAs(ids, directory),
    async admit(directory) {
      const { uid, mode } = await stat(directory);
      // A group with rights keeps them.
      if ((mode & 0o070) !== 0) return;
      await chown(directory, uid, ids.gid);
      await chmod(directory, (mode & 0o7777) | 0o010);
    },
    own: (path) => chown(path, ids.uid, ids.gid),
  };
}

/** Checking as the user itself includes access lists and mount options. */
function testAs(ids: { uid: number; gid: number }, directory: string): boolean {
  return spawnSync("test", ["-x", directory], { ...ids, cwd: "/" }).status === 0;
}

async function findUser(): Promise<{ uid: number; gid: number } | undefined> {
  try {
    const [uid, gid] = await Promise.all([
      run("id", ["-u", userName]),
      run("id", ["-g", userName]),
    ]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined;
  }
}

async function makeUser(): Promise<{ uid: number; gid: number }> {
  const attempts: readonly (readonly [string, ...string[]])[] = [
    ["useradd", "--system", "--user-group", "--no-create-home", userName],
    ["adduser", "-S", "-H", "-D", userName],
  ];
  for (const [command, ...args] of attempts) {
    await run(command, args).catch(() => undefined);
    const ids = await findUser();
    if (ids !== undefined) return ids;
  }
  throw appError("embeddedDatabaseFailed", {
    reason: `PostgreSQL refuses to run as root and the user ${userName} cannot be made; make it, or start as another user`,
  });
}
