/**
 * A stand-in for the gateway, for development and tests of the page alone: canned stores that sell live,
 * served with the strict content security policy that the page must bear.
 *
 * `node web/dev/fake-server.ts` serves the built page at http://127.0.0.1:8090.
 */
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import type { ClientToServer, ServerToClient } from "@tillcast/schemas/browser";
import { Server } from "socket.io";
import { makeFakeStore } from "./fake-store.ts";
import type { FakeStore, FakeStoreOptions } from "./fake-store-options.ts";
import { fakeStores } from "./fake-stores.ts";

export interface FakeServer {
  readonly url: string;
  readonly stores: ReadonlyMap<string, FakeStore>;
  /** Moves the server's clock ahead; stores whose business day ended begin another. */
  advance(ms: number): void;
  /** Sells one order of a store, and tells the pages, unless `quietly`, as if they slept. */
  sell(storeId: string, how?: { readonly quietly: boolean }): void;
  close(): Promise<void>;
}

/** How the stand-in behaves; all is optional. */
export interface FakeServerOptions {
  readonly port?: number;
  /** The server's clock at its start. */
  readonly now?: number;
  /** The server's clock stands still and moves by `advance` alone: each page opens at the same minute. */
  readonly clockStands?: boolean;
  /** 0 keeps the figures still. */
  readonly ordersPerSecond?: number;
  readonly made?: readonly FakeStoreOptions[];
  /** The built page; another folder stands for another build. */
  readonly dist?: string;
  readonly role?: string;
}

const builtDist = join(import.meta.dirname, "..", "dist");
const policy = "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";
const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".txt": "text/plain",
};

/** Starts the server. */
export async function startFakeServer(options: FakeServerOptions): Promise<FakeServer> {
  const made = options.made ?? fakeStores;
  const startedAt = Date.now();
  let shift = (options.now ?? startedAt) - startedAt;
  const now = () => (options.clockStands ? startedAt : Date.now()) + shift;
  const stores = new Map(made.map((one) => [one.storeId, makeFakeStore(one, now())]));
  const http = createServer((request, response) => {
    const { dist = builtDist, role = "owner" } = options;
    answer(request, response, { stores, now: now(), dist, role }).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  const io = new Server<ClientToServer, ServerToClient>(http, { transports: ["websocket"] });
  const live = io.of("/live");
  const mayRead = options.role !== "integrator";
  live.use((_, next) =>
    next(mayRead ? undefined : new Error("forbidden: Not allowed: sales:read is missing.")),
  );
  live.on("connection", (socket) => {
    socket.on("join", ({ stores: ids }, joined) => {
      const ok = ids.filter((id) => stores.has(id));
      void socket.join(ok);
      joined({ ok, denied: ids.filter((id) => !stores.has(id)) });
    });
    socket.on("leave", ({ stores: ids }) => {
      for (const id of ids) void socket.leave(id);
    });
    socket.on("snapshot", ({ storeId, date }, reply) => {
      const refusal = { error: "There is no such day.", code: "validationFailed" };
      reply(stores.get(storeId)?.snapshot(now(), date) ?? refusal);
    });
  });

  let progress = 0;
  const timers = [
    setInterval(() => {
      progress = (progress + 0.01) % 1;
      const job = { jobId: "j", kind: "train-forecast", state: "running" as const };
      const message = "epoch 3 of 8";
      live.emit("job", { ...job, progress, message, changedAt: now() });
    }, 500),
  ];
  const sell = (storeId: string, { quietly } = { quietly: false }) => {
    const update = stores.get(storeId)?.sell(now());
    if (update !== undefined && !quietly) live.to(storeId).emit("windows", update);
  };
  const rate = options.ordersPerSecond ?? 0.1;
  if (rate > 0) {
    timers.push(
      setInterval(() => {
        for (const store of stores.values()) {
          const { storeId, feedState } = store.options;
          if (feedState === "live" && store.isOpen(now())) sell(storeId);
        }
      }, 1_000 / rate),
    );
  }
  await new Promise<void>((done) => {
    http.listen(options.port ?? 0, "127.0.0.1", done);
  });
  const { port } = http.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    stores,
    advance(ms) {
      shift += ms;
      for (const [storeId, store] of stores) {
        if (now() >= store.dayEnd) stores.set(storeId, makeFakeStore(store.options, now()));
      }
    },
    sell,
    async close() {
      for (const timer of timers) clearInterval(timer);
      await io.close();
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  world: {
    readonly stores: ReadonlyMap<string, FakeStore>;
    readonly now: number;
    readonly dist: string;
    readonly role: string;
  },
): Promise<void> {
  const { stores, now } = world;
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://local");
  const isSignedIn = (request.headers.cookie ?? "").includes("fake=1");
  const json = (status: number, body: unknown, headers = {}) =>
    response
      .writeHead(status, { "content-type": "application/json", ...headers })
      .end(JSON.stringify(body));

  if (!pathname.startsWith("/v1/")) return file(world.dist, pathname, response);
  if (pathname === "/v1/session" && request.method === "DELETE") {
    response.writeHead(204, { "set-cookie": "fake=0; Path=/" }).end();
    return;
  }
  if (pathname.startsWith("/v1/session")) {
    const body = JSON.parse(await textOf(request)) as { password?: string; token?: string };
    const isRight = body.token !== undefined || body.password === "correct horse";
    const cookie = { "set-cookie": "fake=1; Path=/; HttpOnly; SameSite=Strict" };
    if (isRight) json(200, {}, cookie);
    else
      json(401, {
        title: "Not signed in",
        status: 401,
        code: "unauthenticated",
        type: "about:blank",
      });
    return;
  }
  if (!isSignedIn) {
    json(401, {
      title: "Not signed in",
      status: 401,
      code: "unauthenticated",
      type: "about:blank",
    });
    return;
  }
  if (pathname === "/v1/me") return void json(200, { ...fakeMe, role: world.role });
  if (pathname === "/v1/jobs") return void json(200, { jobs: [] });
  if (pathname === "/v1/overview") {
    return void json(200, {
      serverTime: now,
      stores: [...stores.values()].map((s) => s.overviewRow(now)),
    });
  }
  const store = stores.get(/^\/v1\/stores\/([^/]+)\/entries$/.exec(pathname)?.[1] ?? "");
  if (store === undefined) {
    json(404, {
      title: "Not found",
      status: 404,
      code: "notFound",
      type: "about:blank",
      requestId: "r1",
    });
    return;
  }
  const at = (name: string, other: number) => Date.parse(searchParams.get(name) ?? "") || other;
  const date = searchParams.get("businessDate") ?? undefined;
  const all = store.entries(at("from", 0), at("to", Number.MAX_SAFE_INTEGER), date);
  const first = Number(searchParams.get("cursor") ?? 0);
  const limit = Number(searchParams.get("limit"));
  const net = String(all.reduce((sum, entry) => sum + BigInt(entry.net), 0n));
  json(200, {
    storeId: store.options.storeId,
    total: { net, orders: all.length, entries: all.length },
    entries: all.slice(first, first + limit),
    nextCursor: first + limit < all.length ? String(first + limit) : null,
  });
}

const fakeMe = {
  userId: "u",
  email: "owner@example.com",
  role: "owner",
  tenantId: "t",
  tenantName: "Trattoria Group",
  isDemo: true,
  mustSetPassword: false,
};

async function file(dist: string, pathname: string, response: ServerResponse): Promise<void> {
  const name = extname(pathname) === "" ? "/index.html" : normalize(pathname);
  const type = types[extname(name)] ?? "application/octet-stream";
  try {
    const content = await readFile(join(dist, name));
    response
      .writeHead(200, { "content-type": type, "content-security-policy": policy })
      .end(content);
  } catch {
    response.writeHead(404).end();
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

if (import.meta.main) {
  const at = process.argv[2];
  const server = await startFakeServer({
    port: 8090,
    ...(at === undefined ? {} : { now: Date.parse(at) }),
  });
  console.log(server.url);
}
