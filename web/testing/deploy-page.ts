import { cp, mkdtemp, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Makes another build of the page, in a folder of its own: its scripts have other names, those of before are gone. */
export async function deployPage(): Promise<string> {
  const dist = await mkdtemp(join(tmpdir(), "tillcast-dist-"));
  await cp(join(import.meta.dirname, "..", "dist"), dist, { recursive: true });
  const assets = join(dist, "assets");
  const names = (await readdir(assets)).filter((name) => name.endsWith(".js"));
  const renamed = new Map(
    names.map((name) => [name, name.replace(/-[\w-]{8}\.js$/, "-DEPLOYED.js")]),
  );
  const inNewNames = (text: string) =>
    names.reduce((known, name) => known.replaceAll(name, renamed.get(name) ?? name), text);
  for (const name of names) {
    await writeFile(join(assets, name), inNewNames(await readFile(join(assets, name), "utf8")));
    await rename(join(assets, name), join(assets, renamed.get(name) ?? name));
  }
  const page = join(dist, "index.html");
  await writeFile(page, inNewNames(await readFile(page, "utf8")));
  return dist;
}
