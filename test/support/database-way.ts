import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import type { Scope } from "@tillcast/core";

/** A TCP way to the database that a test can close and open again. */
export interface DatabaseWay {
  /** The database's address by this way. */
  readonly url: string;
  /** Breaks every connection and refuses further ones. */
  cut(): Promise<void>;
  /** Lets connections through again, at the same address. */
  mend(): Promise<void>;
}

/** Opens a way to the database that `url` names; the scope closes it. */
export async function openDatabaseWay(scope: Scope, url: string): Promise<DatabaseWay> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
  };
  const pass = (near: Socket) => {
    const far = connect({ port: Number(target.port), host: target.hostname, noDelay: true });
    keep(near);
    keep(far);
    near.pipe(far).pipe(near);
    near.on("close", () => far.destroy());
    far.on("close", () => near.destroy());
  };
  let server: Server | undefined;
  const open = async (port: number) => {
    // Without a delay of its own, or each larger answer would wait 40 ms for an acknowledgement.
    server = createServer({ noDelay: true }, pass);
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  };
  const cut = async () => {
    const closed = new Promise((resolve) => server?.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
    server = undefined;
  };
  const port = await open(0);
  scope.defer(() => (server === undefined ? undefined : cut()));
  const proxied = new URL(url);
  proxied.host = `127.0.0.1:${port}`;
  return {
    url: proxied.href,
    cut,
    async mend() {
      await open(port);
    },
  };
}
