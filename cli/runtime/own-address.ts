import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Which server of this installation listens, and where; commands print links that lead there. */
interface AddressFile {
  readonly address: string;
  readonly pid: number;
}

const fileOf = (dataDir: string): string => join(dataDir, "address.json");

/** Notes where this process listens, and answers how to take the note back. */
export async function noteAddress(dataDir: string, address: string): Promise<() => Promise<void>> {
  const file: AddressFile = { address, pid: process.pid };
  try {
    await writeFile(fileOf(dataDir), `${JSON.stringify(file)}\n`, { mode: 0o600 });
  } catch {
    // Without a data folder that can be written (the database is elsewhere) links follow the settings.
    return async () => undefined;
  }
  return async () => {
    // Another server of the same folder may have noted itself since.
    if ((await readNote(dataDir))?.pid === process.pid) await rm(fileOf(dataDir), { force: true });
  };
}

/** Where a server of this installation listens now; undefined where none is known to. */
export async function runningAddress(dataDir: string): Promise<string | undefined> {
  const note = await readNote(dataDir);
  return note !== undefined && isRunning(note.pid) ? note.address : undefined;
}

async function readNote(dataDir: string): Promise<AddressFile | undefined> {
  try {
    const { address, pid } = JSON.parse(await readFile(fileOf(dataDir), "utf8")) as AddressFile;
    return typeof address === "string" && Number.isInteger(pid) ? { address, pid } : undefined;
  } catch {
    return undefined;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
