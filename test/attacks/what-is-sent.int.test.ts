import { randomUUID } from "node:crypto";
import { request } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { openScope } from "@tillcast/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { anOrder } from "../../ingest/testing/order-builders.ts";
import { addCallers, type CallersWorld } from "../support/callers.ts";
import { type ComposedProduct, composeProduct } from "../support/composed-product.ts";

const scope = openScope();
let product: ComposedProduct;
let world: CallersWorld;
beforeAll(async () => {
  product = await composeProduct(scope);
  world = await addCallers(product.installation.database.service);
});
afterAll(() => scope.close());

interface Problem {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
}

/** Sends bytes as they are, and answers the head and the problem that came back. */
async function sendBytes(bytes: string): Promise<{ head: string; problem: Problem }> {
  const socket = connect(Number(new URL(product.url).port), "127.0.0.1");
  socket.write(bytes);
  const [head = "", body = ""] = (await text(socket)).split("\r\n\r\n");
  expect(head).toContain("application/problem+json");
  return { head, problem: JSON.parse(body.slice(body.indexOf("{"), body.lastIndexOf("}") + 1)) };
}

const ask = (path: string, headers = "") =>
  sendBytes(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${headers}\r\n`);

const push = (payload: string, headers: Record<string, string> = {}) =>
  product.http.inject({
    method: "POST",
    url: "/v1/orders",
    payload,
    headers: {
      "content-type": "application/json",
      ...world.headersOf("writing key"),
      ...headers,
    },
  });

describe("an address", () => {
  test.each([
    ["/%c0%ae%c0%ae/etc/passwd", 400],
    ["/..%2f..%2f..%2fetc%2fpasswd", 404],
    ["/v1/stores/%00", 422],
    ["/%", 400],
    ["/v1/../../etc/passwd", 404],
    [`/v1/${"x".repeat(4_000)}`, 404],
  ])("%s is answered with a problem that gives nothing away", async (path, status) => {
    const { problem } = await ask(
      path,
      "Authorization: Bearer nobody\r\nAccept: application/json\r\n",
    );
    // A store is asked for by somebody; without a key that is the first refusal.
    expect([status, 401]).toContain(problem.status);
    expect(JSON.stringify(problem).length).toBeLessThan(600);
    expect(problem.detail).not.toMatch(/root:|\/work|node_modules/);
  });

  test("that takes other methods says which", async () => {
    const answer = await product.http.inject({ method: "PUT", url: "/v1/orders" });
    expect([answer.statusCode, answer.headers.allow]).toEqual([405, "POST"]);
    const trace = await sendBytes(
      "TRACE / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    );
    expect([404, 405]).toContain(trace.problem.status);
  });
});

describe("headers", () => {
  test("without end, or that smuggle a second request, end the connection with a problem", async () => {
    expect((await ask("/", `X-Large: ${"x".repeat(40_000)}\r\n`)).problem.code).toBe(
      "headersTooLarge",
    );
    const two =
      "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /v1/me HTTP/1.1\r\n\r\n";
    const { head, problem } = await sendBytes(
      `POST /v1/orders HTTP/1.1\r\nHost: localhost\r\n${two}`,
    );
    expect(problem.status).toBe(400);
    expect(head).toContain("Connection: close");
  });

  test("that claim another address are not believed without a named proxy", async () => {
    // With the claimed addresses, each request would have a limit of its own.
    const { installation } = product;
    expect(installation.settings.TILLCAST_TRUST_PROXY).toBe(false);
    const answer = await product.http.inject({
      url: "/v1/me",
      headers: { ...world.headersOf("owner"), "x-forwarded-proto": "https" },
    });
    expect(answer.headers["strict-transport-security"]).toBeUndefined();
  });
});

describe("a body", () => {
  test("that says a key twice is refused with the key, and nothing of it is taken", async () => {
    const order = JSON.stringify(anOrder({ orderId: randomUUID(), storeId: world.store.storeId }));
    const twice = order.replace(/\}$/, ',"status":"voided"}');
    const answer = await push(twice);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: "badRequest", key: "status" });
    expect((await push(order)).json()).toMatchObject({ accepted: 1 });
  });

  test.each(['{"__proto__":{"role":"owner"}}', '{"constructor":{"prototype":{"role":"owner"}}}'])(
    "such as %s changes no object",
    async (body) => {
      expect((await push(body)).statusCode).toBe(400);
      expect(({} as { role?: string }).role).toBeUndefined();
    },
  );

  test("is echoed by no more than a person can read", async () => {
    const long = "9".repeat(1_000_000);
    const order = anOrder({ orderId: randomUUID(), storeId: world.store.storeId });
    for (const body of [
      { ...order, lines: [{ key: "1", name: "A", gross: long }] },
      { ...order, [long]: 1 },
      { ...order, storeId: long },
      { ...order, businessDate: long },
      { ...order, currency: long },
    ]) {
      const answer = await push(JSON.stringify(body));
      expect(answer.statusCode).toBe(422);
      expect(answer.body.length).toBeLessThan(2_000);
    }
  });

  test("that is larger than a route takes is refused before it is read", async () => {
    const { statusCode } = await product.http.inject({
      method: "POST",
      url: "/v1/session",
      payload: { email: "a@example.com", password: "x".repeat(100_000) },
    });
    expect(statusCode).toBe(413);
  });

  test("of a stranger is not read at all", async () => {
    const answer = await push("{".repeat(1_000_000), { authorization: "Bearer nobody" });
    expect(answer.statusCode).toBe(401);
  });
});

describe("another site", () => {
  const body = { method: "POST", url: "/v1/jobs", payload: { kind: "predict-forecast" } } as const;
  const owner = () => world.headersOf("owner");

  test.each([
    "https://evil.example",
    "null",
    "http://localhost.evil.example",
    "http://localhost:81",
  ])("cannot use a person's cookie from %s", async (origin) => {
    const answer = await product.http.inject({ ...body, headers: { ...owner(), origin } });
    expect(answer.statusCode).toBe(403);
  });

  test("whose name was made to lead here is not this server", async () => {
    const evil = { host: "evil.example:8080", origin: "http://evil.example:8080" };
    for (const url of ["/", "/v1/me", "/openapi.json"]) {
      const answer = await product.http.inject({ url, headers: { ...owner(), ...evil } });
      expect([answer.statusCode, answer.json().code], url).toEqual([403, "forbidden"]);
    }
    const signIn = { email: "owner@example.com", password: "guess" };
    const answer = await product.http.inject({
      ...{ method: "POST", url: "/v1/session", payload: signIn, headers: evil },
    });
    expect(answer.statusCode).toBe(403);
    expect(await upgradeStatus({ ...evil, cookie: owner().cookie ?? "" })).toBe(400);
    const own = product.url.replace("http://", "");
    const ours = { host: own, origin: product.url, cookie: owner().cookie ?? "" };
    expect(await upgradeStatus(ours)).toBe(101);
    // A till that knows the server by a name of its own shows a key, which no page can make it send.
    const key = { ...world.headersOf("reading key"), host: "tillcast.lan" };
    expect((await product.http.inject({ url: "/v1/me", headers: key })).statusCode).toBe(200);
    expect((await product.http.inject({ url: "/readyz", headers: evil })).statusCode).toBe(200);
  });

  /** What a handshake of the live socket is answered with. */
  const upgradeStatus = (headers: Record<string, string>) =>
    new Promise<number | undefined>((resolve, reject) => {
      const handshake = request(`${product.url}/socket.io/?EIO=4&transport=websocket`, {
        headers: {
          ...headers,
          connection: "Upgrade",
          upgrade: "websocket",
          "sec-websocket-version": "13",
          "sec-websocket-key": Buffer.from(randomUUID().slice(0, 16)).toString("base64"),
        },
      });
      handshake.on("response", (answer) => resolve(answer.statusCode));
      handshake.on("upgrade", (answer, socket) => {
        socket.destroy();
        resolve(answer.statusCode);
      });
      handshake.on("error", reject);
      handshake.end();
    });
});

test("what the server says of itself gives no address, reason or number away", async () => {
  for (const path of ["/metrics", "/readyz", "/healthz"]) {
    const answer = await product.http.inject({
      url: path,
      headers: { accept: "application/json" },
    });
    expect(answer.body).not.toMatch(/reason|process_|127\.0\.0\.1|http_request/);
    expect(answer.statusCode).toBe(path === "/metrics" ? 404 : 200);
  }
  const { headers } = await product.http.inject("/");
  expect(headers["content-security-policy"]).toContain("connect-src 'self';");
  expect(headers["permissions-policy"]).toContain("camera=()");
  expect(headers.server).toBeUndefined();
});
