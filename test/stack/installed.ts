import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { root } from "../house/sources.ts";

export type StackPart = "kafka" | "registry" | "timescale" | "python";

/** What is installed is kept here between runs; several checkouts may share one folder. */
const stackFolder = process.env.TILLCAST_STACK_DIR ?? join(root, ".stack");

/** Answers the folder of a part, after installing it where it is not there yet. */
export async function installed(part: StackPart): Promise<string> {
  const script = join(root, "test/stack/install/install.sh");
  const child = spawn("bash", [script, part], {
    env: { ...process.env, TILLCAST_STACK_DIR: stackFolder },
    stdio: ["ignore", "inherit", "inherit"],
  });
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) throw new Error(`${part} could not be installed: install.sh ended with ${code}`);
  return join(stackFolder, part);
}
