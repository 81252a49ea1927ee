import { mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Installation } from "./installation.ts";
import { runningAddress } from "./own-address.ts";

/** A link on a terminal, or the file that holds it. */
export type HandedOver = { readonly link: string } | { readonly linkFile: string };

/** Links work for an hour; an older file is of no use to anybody. */
const fileLifeMs = 3_600_000;

/** The server's address as a person opens it. */
export const serverAddress = (host: string, port: number): string =>
  `http://${host.includes(":") ? `[${host}]` : host}:${port}`;

/**
 * The page that redeems a token. The token stands in the fragment, which a browser sends to no server, so that
 * it is in no proxy's log.
 */
export const signInLink = (address: string, token: string): string =>
  `${address}/link#token=${token}`;

/**
 * Hands a person's link over to whoever runs the command. Off a terminal, output may go to a log that others
 * read: there the link is written to a file of the data folder that only its owner reads.
 */
export async function handOverLink(
  { settings }: Pick<Installation, "settings">,
  { userId, token }: { readonly userId: string; readonly token: string },
  isTerminal: boolean = process.stdout.isTTY === true,
): Promise<HandedOver> {
  const { TILLCAST_DATA_DIR: dataDir, HOST, PORT } = settings;
  const link = signInLink((await runningAddress(dataDir)) ?? serverAddress(HOST, PORT), token);
  if (isTerminal) return { link };
  const folder = resolve(dataDir, "links");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await removeOld(folder);
  const linkFile = join(folder, `${userId}.txt`);
  // A file that is there keeps its mode when it is written to.
  await rm(linkFile, { force: true });
  await writeFile(linkFile, `${link}\n`, { mode: 0o600, flag: "wx" });
  return { linkFile };
}

/** What a person reads of it. */
export const describeLink = (handed: HandedOver): string =>
  "link" in handed
    ? `Signs in once, within an hour: ${handed.link}`
    : `A link that signs in once, within an hour, is in ${handed.linkFile}`;

async function removeOld(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const file = await stat(path).catch(() => undefined);
    if (file !== undefined && Date.now() - file.mtimeMs > fileLifeMs) {
      await rm(path, { force: true });
    }
  }
}
