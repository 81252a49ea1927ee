import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { silentLogger } from "../logging.ts";
import { makeMetrics } from "../telemetry.ts";
import { buildHttpServer } from "./build-http-server.ts";
import type { HttpServer } from "./http-server.ts";

const open = { access: "public", limit: "page" } as const;
const Order = z.strictObject({
  id: z.string(),
  lines: z.array(z.strictObject({ quantity: z.int().positive() })),
});

let app: HttpServer;
beforeEach(() => {
  app = buildHttpServer({ log: silentLogger, metrics: makeMetrics() });
  app.post("/orders", { config: open, schema: { body: z.array(Order) } }, async (request) => ({
    count: request.body.length,
  }));
});
afterEach(() => app.close());

test("a body that says a key twice is refused with the key", async () => {
  const answer = await app.inject({
    method: "POST",
    url: "/orders",
    payload: '[{"id": "a", "lines": [{"quantity": 1, "quantity": 2}]}]',
    headers: { "content-type": "application/json" },
  });
  expect(answer.statusCode).toBe(400);
  expect(answer.json()).toMatchObject({ code: "badRequest", key: "quantity" });
  expect(answer.json().detail).toContain('the key "quantity" is given twice');
});

describe("a body that is no UTF-8", () => {
  const order = (id: Buffer) =>
    Buffer.concat([Buffer.from('[{"id": "'), id, Buffer.from('", "lines": []}]')]);
  const send = (payload: Buffer, type = "application/json") =>
    app.inject({ method: "POST", url: "/orders", payload, headers: { "content-type": type } });

  test("is refused with the place of the first byte that is no text", async () => {
    const answer = await send(order(Buffer.from("caf\u00e9", "latin1")));
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: "badRequest" });
    expect(answer.json().detail).toContain("not UTF-8 text: the byte at position 12 ");
  });

  test("is told apart from one that says the replacement character itself", async () => {
    expect((await send(order(Buffer.from("caf\uFFFD")))).statusCode).toBe(200);
    const both = await send(order(Buffer.from([0xef, 0xbf, 0xbd, 0xe9, 0x41])));
    expect(both.json().detail).toContain("position 12 ");
  });

  test("is refused by the name of its charset, and UTF-8 is not", async () => {
    const answer = await send(order(Buffer.from("a")), "application/json; charset=iso-8859-1");
    expect(answer.statusCode).toBe(415);
    expect(answer.json().detail).toContain("charset=iso-8859-1 is not understood here: bodies are");
    expect(
      (await send(order(Buffer.from("é")), 'application/json; charset="UTF-8"')).statusCode,
    ).toBe(200);
    expect((await send(order(Buffer.from("é")), "application/json;charset=utf8")).statusCode).toBe(
      200,
    );
  });
});

test("a route that asks for it gets the body's bytes as they came", async () => {
  const bytes = '{ "id":"caf\\u00e9",  "n": 1.0 }';
  app.post("/signed", { config: { ...open, rawBody: true } }, async (request) => [
    request.rawBody?.toString(),
    request.body,
  ]);
  app.post("/plain", { config: open }, async (request) => request.rawBody ?? "none");
  const send = (url: string) =>
    app.inject({
      method: "POST",
      url,
      payload: bytes,
      headers: { "content-type": "application/json" },
    });
  expect((await send("/signed")).json()).toEqual([bytes, { id: "café", n: 1 }]);
  expect((await send("/plain")).body).toBe("none");
});
