import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * Makes a folder that only its owner may enter. A new or empty one gets a `.gitignore` of its own: sales, keys and
 * addresses of people belong in no repository and in no container image. A folder that holds files stays as it is.
 */
export async function makePrivateFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await readdir(folder)).length > 0) return;
  await writeFile(join(folder, ".gitignore"), "*\n");
}
