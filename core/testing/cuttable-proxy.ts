import { connect, createServer, type Server, type Socket } from "node:net";

/** A TCP way to a server that can be cut for good, as the death of a process cuts its connections. */
export interface CuttableProxy {
  /** The server's address, by way of the proxy. */
  readonly url: string;
  /** Breaks every connection and refuses further ones. */
  cut(): Promise<void>;
}

/** Opens a proxy on 127.0.0.1 to the server that `url` names. */
export async function openCuttableProxy(url: string): Promise<CuttableProxy> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
  };
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    keep(near);
    keep(far);
    near.pipe(far).pipe(near);
    near.on("close", () => far.destroy());
    far.on("close", () => near.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const proxied = new URL(url);
  proxied.host = `127.0.0.1:${portOf(server)}`;
  return {
    url: proxied.href,
    async cut() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}
