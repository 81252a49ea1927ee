import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, rmSync, statfsSync } from "node:fs";
import { join } from "node:path";

/** A folder on a disk of its own that is soon full. */
export interface SmallDisk {
  readonly folder: string;
  /** Takes all the space that is left. */
  fill(): void;
  /** Gives it back. */
  free(): void;
  close(): void;
}

/** True where a small disk can be had: only root may mount one. */
export const canMount: boolean = process.getuid?.() === 0 && process.platform === "linux";

/** Who writes to the disk meanwhile takes some of what was free, and the rest is asked for again. */
const fillTriesMax = 50;

/** Mounts a disk in memory. */
export function mountSmallDisk(folder: string, sizeMiB: number): SmallDisk {
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${sizeMiB}m,mode=755`, "tmpfs", folder]);
  const ballast = join(folder, "ballast");
  return {
    folder,
    fill() {
      for (let tries = 0; tries < fillTriesMax; tries += 1) {
        const { bavail, bsize } = statfsSync(folder);
        const length = String(Math.max(1, bavail * bsize));
        const { status } = spawnSync("fallocate", ["-l", length, ballast], { stdio: "ignore" });
        if (status === 0) return;
      }
      throw new Error(`${folder} could not be filled`);
    },
    free: () => rmSync(ballast, { force: true }),
    close() {
      // Someone may still be ending on it; the mount then goes with its last user.
      execFileSync("umount", ["--lazy", folder]);
    },
  };
}
