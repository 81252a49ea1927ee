import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";

/** The port of the last start if it is free; else a free port, stored for the next start. */
export async function rememberedPort(portFile: string): Promise<number> {
  const former = Number(await readFile(portFile, "utf8").catch(() => ""));
  const port = former > 0 && (await isFree(former)) ? former : await anyFreePort();
  if (port !== former) await writeFile(portFile, `${port}\n`);
  return port;
}

/** A port of the loopback address that is free now. */
export async function anyFreePort(): Promise<number> {
  const port = await listenOnce(0);
  if (port === undefined) throw new Error("no free port on 127.0.0.1");
  return port;
}

async function isFree(port: number): Promise<boolean> {
  return (await listenOnce(port)) !== undefined;
}

function listenOnce(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(undefined));
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      const taken = typeof address === "object" && address !== null ? address.port : undefined;
      server.close(() => resolve(taken));
    });
  });
}
