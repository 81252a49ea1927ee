import { readdir } from "node:fs/promises";
import { appError } from "@tillcast/core";
import type { ImportProfile } from "./import-profile.ts";

const directory = new URL("./profiles/", import.meta.url);

/** All profiles of the folder, sorted by name. */
export async function listProfiles(): Promise<readonly ImportProfile[]> {
  const names = (await readdir(directory)).filter(
    (name) => name.endsWith(".ts") && !name.endsWith(".test.ts") && !name.endsWith(".d.ts"),
  );
  return Promise.all(names.sort().map(loadProfile));
}

/** Finds a profile by name. For an unknown name the error lists the existing ones. */
export async function findProfile(name: string): Promise<ImportProfile> {
  const profiles = await listProfiles();
  const found = profiles.find((profile) => profile.name === name);
  if (found !== undefined) return found;
  const names = profiles.map((profile) => profile.name).join(", ");
  throw appError("badRequest", { reason: `there is no profile ${name}; there are ${names}` });
}

async function loadProfile(file: string): Promise<ImportProfile> {
  const module = (await import(new URL(file, directory).href)) as { default: ImportProfile };
  return module.default;
}
