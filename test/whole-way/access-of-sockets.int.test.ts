import { randomUUID } from "node:crypto";
import { openScope } from "@tillcast/core";
import type { ClientToServer, ServerToClient } from "@tillcast/schemas";
import { io, type Socket } from "socket.io-client";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import {
  addCallers,
  type Caller,
  type CallersWorld,
  callers,
  isUnknown,
  passing,
} from "../support/callers.ts";
import { type ComposedProduct, composeProduct } from "../support/composed-product.ts";

type Client = Socket<ServerToClient, ClientToServer>;

const scope = openScope();
let product: ComposedProduct;
let world: CallersWorld;
const clients: Client[] = [];
beforeAll(async () => {
  product = await composeProduct(scope);
  world = await addCallers(product.installation.database.service);
});
afterEach(() => {
  for (const client of clients.splice(0)) client.disconnect();
});
afterAll(() => scope.close());

/** Connects, or rejects with the code that refuses it. */
function connect(caller: Caller): Promise<Client> {
  const { origin: _, host: __, ...extraHeaders } = world.headersOf(caller);
  const client: Client = io(`${product.url}/live`, {
    transports: ["websocket"],
    reconnection: false,
    forceNew: true,
    extraHeaders,
  });
  clients.push(client);
  return new Promise((resolve, reject) => {
    client.on("connect", () => resolve(client));
    client.on("connect_error", (error) =>
      reject(new Error((error as Error & { data?: { code?: string } }).data?.code)),
    );
  });
}

const stores = () => ({
  own: world.store.storeId,
  other: world.otherStore.storeId,
  foreign: world.foreignStore.storeId,
  absent: randomUUID(),
});
type Place = keyof ReturnType<typeof stores>;

/** For each event, what it lets a socket have of a store; each event that the protocol has stands here. */
const events: Record<keyof ClientToServer, (client: Client, storeId: string) => Promise<boolean>> =
  {
    join: async (client, storeId) => {
      const { ok, denied } = await client.emitWithAck("join", { stores: [storeId] });
      expect([...ok, ...denied]).toEqual([storeId]);
      return ok.length === 1;
    },
    // Nothing is answered; whoever leaves a store that was never joined stays connected, and learns nothing.
    leave: async (client, storeId) => {
      client.emit("leave", { stores: [storeId] });
      await client.emitWithAck("join", { stores: [] });
      return false;
    },
    snapshot: async (client, storeId) => {
      const answer = await client.emitWithAck("snapshot", { storeId });
      if ("error" in answer) expect(answer.code).toBe("notFound");
      return !("error" in answer);
    },
  };

test.each(callers)("%s opens a socket only with the right to read sales", async (caller) => {
  if (passing("sales:read").includes(caller)) {
    expect((await connect(caller)).connected).toBe(true);
  } else {
    const code = isUnknown(caller) ? "unauthenticated" : "forbidden";
    await expect(connect(caller)).rejects.toThrow(code);
  }
});

test.each(passing("sales:read"))("%s gets from each event only what is theirs", async (caller) => {
  const client = await connect(caller);
  const given = stores();
  for (const [event, ask] of Object.entries(events)) {
    const sees = async (place: Place) => ask(client, given[place]);
    const isAsked = event !== "leave";
    expect(await sees("own"), `${event} own`).toBe(isAsked);
    expect(await sees("other"), `${event} other`).toBe(isAsked && caller !== "manager");
    expect(await sees("foreign"), `${event} foreign`).toBe(false);
    expect(await sees("absent"), `${event} absent`).toBe(false);
  }
  expect(client.connected).toBe(true);
});
