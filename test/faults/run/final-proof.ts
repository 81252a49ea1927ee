import { spawn } from "node:child_process";
import type { World } from "../world/world.ts";

/** At the end `balance`, `verify` and `replay` find nothing, beside the running services. */
export async function finalProof(world: World, root: string): Promise<string[]> {
  const violations: string[] = [];
  for (const command of ["balance", "verify", "replay"]) {
    const { exitCode, output } = await run(command, world, root);
    if (exitCode !== 0)
      violations.push(`${command} ended with ${exitCode}: ${output.slice(-2_000)}`);
  }
  return violations;
}

async function run(
  command: string,
  world: World,
  root: string,
): Promise<{ exitCode: number | null; output: string }> {
  const child = spawn(process.execPath, ["cli/main.ts", command, "--json"], {
    cwd: root,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      ...world.commandEnvironment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const keep = (data: Buffer) => {
    output += data.toString();
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const exitCode = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { exitCode, output };
}
