import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import type { Scope } from "@tillcast/core";

/** A TCP way from a browser to a server, which a test breaks as networks and sleeping devices do. */
export interface BrowserWay {
  /** Its address, which stays. */
  readonly url: string;
  /** Breaks every connection and refuses further ones, as of a server that was killed. */
  cut(): Promise<void>;
  /** Connections stay open by name and carry nothing, as of a device that sleeps. */
  swallow(): void;
  /** Lets everything through again; what was swallowed is broken, and never comes. */
  mend(): Promise<void>;
}

/** Opens a way to a port of the loopback; the scope closes it. */
export async function openBrowserWay(scope: Scope, targetPort: number): Promise<BrowserWay> {
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  let isSwallowing = false;

  function pass(near: Socket): void {
    const far = connect({ port: targetPort, host: "127.0.0.1", noDelay: true });
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on("data", (data) => {
        if (!isSwallowing) to.write(data);
      });
      from.on("end", () => {
        if (!isSwallowing) to.end();
      });
      from.on("error", () => from.destroy());
      from.on("close", () => {
        sockets.delete(from);
        if (!isSwallowing) to.destroy();
      });
    }
  }

  function breakAll(): void {
    for (const socket of sockets) socket.destroy();
  }

  async function open(port: number): Promise<number> {
    server = createServer({ noDelay: true }, pass);
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  }

  async function cut(): Promise<void> {
    const closed = new Promise((resolve) => server?.close(resolve));
    breakAll();
    await closed;
    server = undefined;
  }

  const port = await open(0);
  scope.defer(() => (server === undefined ? undefined : cut()));
  return {
    url: `http://127.0.0.1:${port}`,
    cut,
    swallow() {
      isSwallowing = true;
    },
    async mend() {
      isSwallowing = false;
      breakAll();
      if (server === undefined) await open(port);
    },
  };
}
