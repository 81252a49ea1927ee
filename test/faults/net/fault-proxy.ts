import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { type Direction, startDirection } from "./direction.ts";
import { fair, type Weather } from "./weather.ts";

/** A TCP proxy between two parts. A fault run sets its weather. */
export interface FaultProxy {
  /** The address that the parts connect to. It never changes. */
  readonly port: number;
  /** Sets the weather of present and new connections. */
  turn(weather: Weather): Promise<void>;
  /** Present connections stay open and carry no more bytes. New ones work, as after a managed failover. */
  silence(): void;
  /** Breaks every present connection. New ones work. */
  cut(): void;
  close(): Promise<void>;
}

interface Connection {
  readonly near: Socket;
  readonly far: Socket;
  readonly directions: readonly Direction[];
  isSilent: boolean;
}

const silent: Weather = { kind: "blackHole" };

/** Opens a proxy to a port of the loopback address. `chance` draws the jitter. */
export async function openFaultProxy(options: {
  readonly targetPort: number;
  /** Default: any free port. */
  readonly port?: number;
  readonly chance: () => number;
}): Promise<FaultProxy> {
  const connections = new Set<Connection>();
  let weather = fair;
  let server: Server | undefined;

  function pass(near: Socket): void {
    const far = connect({ port: options.targetPort, host: "127.0.0.1", noDelay: true });
    const present = () => (connection.isSilent ? silent : weather);
    const directions: Direction[] = [];
    const connection: Connection = { near, far, directions, isSilent: false };
    directions.push(
      startDirection(near, far, present, options.chance),
      startDirection(far, near, present, options.chance),
    );
    connections.add(connection);
    for (const socket of [near, far]) {
      socket.on("error", () => socket.destroy());
      socket.on("close", () => {
        if (weather.kind !== "halfOpen") end(connection);
      });
    }
  }

  function end(connection: Connection): void {
    for (const direction of connection.directions) direction.close();
    connection.near.destroy();
    connection.far.destroy();
    connections.delete(connection);
  }

  function endAll(): void {
    for (const connection of connections) end(connection);
  }

  async function listen(port: number): Promise<number> {
    // No delay by Nagle, or each larger answer would wait 40 ms for an acknowledgement.
    server = createServer({ noDelay: true, allowHalfOpen: true }, pass);
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  }

  async function stopListening(): Promise<void> {
    const closed = new Promise((resolve) => server?.close(resolve));
    endAll();
    await closed;
    server = undefined;
  }

  const port = await listen(options.port ?? 0);
  return {
    port,
    async turn(next) {
      const before = weather.kind;
      weather = next;
      // Swallowed bytes never arrive, so such a connection must end.
      if (before === "blackHole" || before === "halfOpen") endAll();
      if (next.kind === "halfOpen") for (const { near } of connections) near.destroy();
      if (next.kind === "refused") await stopListening();
      else if (server === undefined) await listen(port);
    },
    silence() {
      for (const connection of connections) {
        connection.isSilent = true;
        for (const direction of connection.directions) direction.close();
      }
    },
    cut: endAll,
    async close() {
      if (server !== undefined) await stopListening();
    },
  };
}
