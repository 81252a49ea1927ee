import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, test } from "vitest";
import { silentLogger } from "../logging.ts";
import { makeMetrics } from "../telemetry.ts";
import { buildHttpServer } from "./build-http-server.ts";
import type { Caller, HttpAccess } from "./guard-routes.ts";
import type { HttpServer } from "./http-server.ts";
import type { CallerLimits } from "./route-limits.ts";

interface Person extends Caller {
  readonly may: readonly string[];
}

const people: Readonly<Record<string, Person>> = {
  baker: { tenantId: "bakery", may: ["bake"] },
  guest: { tenantId: "bakery", may: [] },
};
const access: HttpAccess = {
  rules: ["signed-in", "bake", "sell"],
  credentialOf: ({ headers }) => headers.authorization,
  authenticate: async ({ headers }) => people[headers.authorization ?? ""],
  allows: (caller, rule) => rule === "signed-in" || (caller as Person).may.includes(rule),
};

let app: HttpServer;
afterEach(() => app.close());

function open(callers?: CallerLimits): HttpServer {
  const metrics = makeMetrics();
  app = buildHttpServer({ log: silentLogger, metrics, access, ...(callers && { callers }) });
  return app;
}
// Async, so that the request is on its way when the call is made.
const get = async (url: string, authorization?: string) =>
  app.inject({ url, headers: authorization === undefined ? {} : { authorization } });

describe("the server does not start with a route", () => {
  test.each([
    ["without an access rule", { limit: "page" }, "says not who may use it"],
    ["without a limit", { access: "public" }, "says not what bounds it"],
    ["with a rule that nobody knows", { access: "brew", limit: "requests" }, "rule brew"],
    ["with no rule of several", { access: [], limit: "requests" }, "says not who may use it"],
    ["public and more", { access: ["public", "bake"], limit: "page" }, "public and more"],
    ["with a limit that nobody knows", { access: "public", limit: "some" }, "limit some"],
  ])("%s", async (_, config, reason) => {
    // Whoever registers it, in whichever context.
    open().register(async (scope) => {
      scope.get("/bread", { config: config as never }, async () => "bread");
    });
    await expect(app.ready()).rejects.toThrow(reason);
    await expect(app.listen({ host: "127.0.0.1", port: 0 })).rejects.toThrow("route GET /bread");
  });

  test("for those who are known, where nobody says who that is", async () => {
    app = buildHttpServer({ log: silentLogger, metrics: makeMetrics() });
    app.get("/bread", { config: { access: "bake", limit: "requests" } }, async () => "bread");
    await expect(app.ready()).rejects.toThrow("rule bake, which is unknown");
  });
});

test("a rule lets pass who it names, before the body is read", async () => {
  open().post(
    "/bread",
    { config: { access: ["bake", "sell"], limit: "requests" } },
    async () => "",
  );
  const post = (authorization: string) =>
    app.inject({ method: "POST", url: "/bread", headers: { authorization }, payload: "{" });
  const json = (authorization: string, payload: string) =>
    app.inject({
      method: "POST",
      url: "/bread",
      headers: { authorization, "content-type": "application/json" },
      payload,
    });
  expect((await json("baker", "{}")).statusCode).toBe(200);
  expect((await json("baker", "{")).statusCode).toBe(400);
  expect((await json("guest", "{")).statusCode).toBe(403);
  expect((await json("guest", "{")).json().detail).toContain("bake or sell is missing");
  expect((await post("stranger")).statusCode).toBe(401);
});

test("one caller's requests at the same time are bounded, and the neighbour's are not", async () => {
  let finish = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const config = { access: "signed-in", limit: "requests" } as const;
  open({ requestsPerSecond: 100, requestsAtOnce: 2 }).get("/slow", { config }, async () => {
    await finished;
    return "done";
  });
  await app.ready();
  const held = [get("/slow", "baker"), get("/slow", "baker")];
  const refused = await get("/slow", "baker");
  expect([refused.statusCode, refused.headers["retry-after"]]).toEqual([429, "1"]);
  const neighbour = get("/slow", "guest");
  finish();
  const answers = await Promise.all([...held, neighbour]);
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200]);
  expect((await get("/slow", "baker")).statusCode).toBe(200);
});

test("one caller's requests a second are bounded, whoever the caller is", async () => {
  const config = { access: "bake", limit: "requests" } as const;
  open({ requestsPerSecond: 1, requestsAtOnce: 50 }).get("/bread", { config }, async () => "");
  const answers = await Promise.all(Array.from({ length: 12 }, () => get("/bread", "baker")));
  expect(answers.filter(({ statusCode }) => statusCode === 429).length).toBeGreaterThanOrEqual(1);
  const strangers = await Promise.all(Array.from({ length: 12 }, () => get("/bread", "stranger")));
  expect(strangers.some(({ statusCode }) => statusCode === 429)).toBe(true);
  expect((await get("/bread", "guest")).statusCode).toBe(403);
});

describe("a request that reaches no route", () => {
  test("is told which methods its address takes", async () => {
    open().get("/loaves/:id", { config: { access: "public", limit: "page" } }, async () => "");
    const answer = await app.inject({ method: "DELETE", url: "/loaves/7?x=1" });
    expect([answer.statusCode, answer.headers.allow]).toEqual([405, "GET, HEAD"]);
    expect(answer.json()).toMatchObject({ code: "methodNotAllowed", path: "/loaves/7" });
    expect((await app.inject({ method: "DELETE", url: "/loaves/" })).statusCode).toBe(404);
  });

  const send = async (bytes: string) => {
    open();
    await app.listen({ host: "127.0.0.1", port: 0 });
    const address = app.server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    const socket = connect(address.port, "127.0.0.1");
    socket.write(bytes);
    const [head = "", body = ""] = (await text(socket)).split("\r\n\r\n");
    expect(head).toContain("application/problem+json");
    return JSON.parse(body) as { status: number; code: string; requestId: string };
  };

  test("because its headers have no end, or are none, is answered with problem details", async () => {
    const large = `GET / HTTP/1.1\r\nHost: a\r\nX-Large: ${"x".repeat(40_000)}\r\n\r\n`;
    expect(await send(large)).toMatchObject({ status: 431, code: "headersTooLarge" });
    expect(await send("hello\r\n\r\n")).toMatchObject({ status: 400, code: "badRequest" });
    const split =
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n";
    expect(await send(`${split}\r\n0\r\n\r\n`)).toMatchObject({ status: 400 });
  });
});
