import { access, constants, stat } from "node:fs/promises";
import { join } from "node:path";
import { type Check, failed, notice, ok } from "./check.ts";

/** Reading or writing by others than the owner. */
const othersMayRead = 0o077;

/** The data folder and the secrets in it. */
export async function checkDataFolder(
  dataDir: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Check[]> {
  const folder = await checkFolder(dataDir);
  return [folder, await checkSecretKey(dataDir, env)];
}

async function checkFolder(dataDir: string): Promise<Check> {
  const name = "data folder";
  const found = await stat(dataDir).catch(() => undefined);
  if (found === undefined) return notice(name, `${dataDir} is not there; npm start makes it`);
  if (!found.isDirectory()) return failed(name, `${dataDir} is not a folder`);
  try {
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    return failed(name, `${dataDir} cannot be written by this user`);
  }
  return ok(name, `${dataDir}, readable and writable`);
}

async function checkSecretKey(
  dataDir: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Check> {
  const name = "secret key";
  if ((env.TILLCAST_SECRET_KEY ?? "") !== "") return ok(name, "from TILLCAST_SECRET_KEY");
  if ((env.DATABASE_URL ?? "") !== "") {
    return failed(name, "DATABASE_URL is set and TILLCAST_SECRET_KEY is not; set both");
  }
  const path = join(dataDir, "secret-key");
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return notice(name, `${path} is not there; npm start makes it`);
  if ((found.mode & othersMayRead) !== 0) {
    return failed(name, `${path} can be read by others; chmod 600 ${path}`);
  }
  return ok(name, `${path}, for its owner only`);
}
