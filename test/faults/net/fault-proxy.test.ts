import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { openScope } from "@tillcast/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type FaultProxy, openFaultProxy } from "./fault-proxy.ts";
import { fair } from "./weather.ts";

let scope = openScope();
let proxy: FaultProxy;
/** Ends of the server's connections, in the order in which they came. */
let served: Socket[];

beforeEach(async () => {
  scope = openScope();
  served = [];
  const echo = createServer((socket) => {
    served.push(socket);
    socket.on("error", () => socket.destroy());
    socket.pipe(socket);
  });
  echo.listen(0, "127.0.0.1");
  await once(echo, "listening");
  scope.defer(async () => {
    for (const socket of served) socket.destroy();
    await new Promise((resolve) => echo.close(resolve));
  });
  proxy = await openFaultProxy({
    targetPort: (echo.address() as AddressInfo).port,
    chance: () => 0.5,
  });
  scope.defer(() => proxy.close());
});
afterEach(() => scope.close());

async function dial(): Promise<Socket> {
  const socket = connect(proxy.port, "127.0.0.1");
  scope.defer(() => {
    socket.destroy();
  });
  socket.on("error", () => undefined);
  await once(socket, "connect");
  return socket;
}

async function answerTo(socket: Socket, text: string): Promise<string> {
  let got = "";
  socket.write(text);
  while (got.length < text.length) {
    const [chunk] = (await once(socket, "data")) as [Buffer];
    got += chunk.toString();
  }
  return got;
}

const stays = (socket: Socket) => !socket.destroyed && !socket.readableEnded;

test("bytes come whole and in order, whatever delays them", async () => {
  const text = Array.from({ length: 2_000 }, (_, at) => `${at},`).join("");
  const socket = await dial();
  expect(await answerTo(socket, text)).toBe(text);
  await proxy.turn({ kind: "slow", latencyMs: 5, jitterMs: 20 });
  expect(await answerTo(socket, text)).toBe(text);
  await proxy.turn({ kind: "narrow", bytesPerSecond: 200_000 });
  expect(await answerTo(socket, text)).toBe(text);
});

test("a cut breaks what is open and lets new connections pass", async () => {
  const socket = await dial();
  await answerTo(socket, "before");
  const closed = once(socket, "close");
  proxy.cut();
  await closed;
  expect(await answerTo(await dial(), "after")).toBe("after");
});

test("a refused way takes nobody until it is fair again, at the same port", async () => {
  await proxy.turn({ kind: "refused" });
  await expect(dial()).rejects.toMatchObject({ code: "ECONNREFUSED" });
  await proxy.turn(fair);
  expect(await answerTo(await dial(), "again")).toBe("again");
});

test("a black hole takes connections and answers nothing, and they break when it closes", async () => {
  const before = await dial();
  await answerTo(before, "before");
  await proxy.turn({ kind: "blackHole" });
  const during = await dial();
  let heard = 0;
  for (const socket of [before, during]) {
    socket.on("data", () => {
      heard += 1;
    });
    socket.write("anyone?");
  }
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(heard).toBe(0);
  expect([before, during].every(stays)).toBe(true);
  const closed = Promise.all([once(before, "close"), once(during, "close")]);
  await proxy.turn(fair);
  await closed;
});

test("half open, the far end believes in a connection whose near end is gone", async () => {
  const socket = await dial();
  await answerTo(socket, "before");
  const closed = once(socket, "close");
  await proxy.turn({ kind: "halfOpen" });
  await closed;
  await new Promise((resolve) => setTimeout(resolve, 50));
  const [far] = served as [Socket];
  expect(stays(far)).toBe(true);
  const ended = once(far, "close");
  await proxy.turn(fair);
  await ended;
});

test("present connections stay silent for good while new ones answer", async () => {
  const old = await dial();
  expect(await answerTo(old, "before")).toBe("before");
  proxy.silence();
  old.write("anybody there?");
  expect(await answerTo(await dial(), "after")).toBe("after");
  expect(stays(old)).toBe(true);
  expect(old.bytesRead).toBe("before".length);
});
