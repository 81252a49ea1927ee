import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { type Lane, startLane } from "./lane.ts";
import { fair, type Weather } from "./weather.ts";

/** A TCP way between two parts, whose weather a fault run makes. */
export interface FaultProxy {
  /** Where the parts connect to; stays the same. */
  readonly port: number;
  /** Changes how bytes travel from now on, on present and on new connections. */
  turn(weather: Weather): Promise<void>;
  /** Present connections stay and never carry a byte again; new ones pass, as after a managed failover. */
  silence(): void;
  /** Breaks every connection once; new ones pass. */
  cut(): void;
  close(): Promise<void>;
}

interface Connection {
  readonly near: Socket;
  readonly far: Socket;
  readonly lanes: readonly Lane[];
  isSilent: boolean;
}

const silent: Weather = { kind: "blackHole" };

/** Opens a way to a port of the loopback. `chance` draws the jitter. */
export async function openFaultProxy(options: {
  readonly targetPort: number;
  /** Default: any free one. */
  readonly port?: number;
  readonly chance: () => number;
}): Promise<FaultProxy> {
  const connections = new Set<Connection>();
  let weather = fair;
  let server: Server | undefined;

  function pass(near: Socket): void {
    const far = connect({ port: options.targetPort, host: "127.0.0.1", noDelay: true });
    const present = () => (connection.isSilent ? silent : weather);
    const lanes: Lane[] = [];
    const connection: Connection = { near, far, lanes, isSilent: false };
    lanes.push(
      startLane(near, far, present, options.chance),
      startLane(far, near, present, options.chance),
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
    for (const lane of connection.lanes) lane.close();
    connection.near.destroy();
    connection.far.destroy();
    connections.delete(connection);
  }

  function endAll(): void {
    for (const connection of connections) end(connection);
  }

  async function listen(port: number): Promise<number> {
    // Without a delay of its own, or each larger answer would wait 40 ms for an acknowledgement.
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
      // What was swallowed never comes, so that such a connection cannot go on.
      if (before === "blackHole" || before === "halfOpen") endAll();
      if (next.kind === "halfOpen") for (const { near } of connections) near.destroy();
      if (next.kind === "refused") await stopListening();
      else if (server === undefined) await listen(port);
    },
    silence() {
      for (const connection of connections) {
        connection.isSilent = true;
        for (const lane of connection.lanes) lane.close();
      }
    },
    cut: endAll,
    async close() {
      if (server !== undefined) await stopListening();
    },
  };
}
