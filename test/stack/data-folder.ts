import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where a server keeps what must survive its restart. */
export interface DataFolder {
  readonly path: string;
  /** Deletes it, unless it is somebody else's. */
  forget(): void;
}

/** The given folder, which is kept, or one of the server's own, which goes with it or with this process. */
export function openDataFolder(name: string, given: string | undefined): DataFolder {
  if (given !== undefined) {
    mkdirSync(given, { recursive: true });
    return { path: given, forget: () => undefined };
  }
  const path = mkdtempSync(join(tmpdir(), `tillcast-stack-${name}-`));
  const forget = () => rmSync(path, { recursive: true, force: true });
  process.once("exit", forget);
  return {
    path,
    forget() {
      process.off("exit", forget);
      forget();
    },
  };
}
