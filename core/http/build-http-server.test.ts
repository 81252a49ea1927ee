import { Writable } from "node:stream";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { appError } from "../errors.ts";
import { makeLogger, silentLogger } from "../logging.ts";
import { type Metrics, makeMetrics } from "../telemetry.ts";
import { buildHttpServer } from "./build-http-server.ts";
import type { HttpServer } from "./http-server.ts";

const open = { access: "public", limit: "page" } as const;

const Order = z.strictObject({
  id: z.string(),
  lines: z.array(z.strictObject({ quantity: z.int().positive() })).max(3),
});

let app: HttpServer;
let metrics: Metrics;
beforeEach(() => {
  metrics = makeMetrics();
  app = buildHttpServer({ log: silentLogger, metrics, limits: { bodyMaxBytes: 200 } });
  app.post("/orders", { config: open, schema: { body: z.array(Order) } }, async (request) => ({
    count: request.body.length,
  }));
  app.get(
    "/days",
    { config: open, schema: { querystring: z.object({ from: z.iso.date() }) } },
    async () => ({}),
  );
});
afterEach(() => app.close());

async function post(payload: string, type = "application/json") {
  return app.inject({ method: "POST", url: "/orders", payload, headers: { "content-type": type } });
}

describe("a request that cannot be taken", () => {
  test("says where its body stops being JSON", async () => {
    const answer = await post('[{"id": "a",, "lines": []}]');
    expect(answer.statusCode).toBe(400);
    expect(answer.headers["content-type"]).toContain("application/problem+json");
    expect(answer.json()).toMatchObject({ code: "badRequest", status: 400, title: "Bad request" });
    expect(answer.json().detail).toContain("position 12");
  });

  test("refuses keys that would change an object's prototype", async () => {
    const answer = await post('[{"__proto__": {"admin": true}}]');
    expect(answer.statusCode).toBe(400);
    expect(answer.json().detail).toContain("prototype");
  });

  test("says that its body is empty", async () => {
    const answer = await post("");
    expect(answer.statusCode).toBe(400);
    expect(answer.json().detail).toContain("empty");
  });

  test("names every field that is wrong", async () => {
    const answer = await post('[{"id": 7, "lines": [{"quantity": 1}, {"quantity": -1}]}]');
    expect(answer.statusCode).toBe(422);
    const problem = answer.json();
    expect(problem.field).toBe("body[0].id");
    expect(problem.faults.map((fault: { field: string }) => fault.field)).toEqual([
      "body[0].id",
      "body[0].lines[1].quantity",
    ]);
  });

  test("names a query parameter that is wrong", async () => {
    const answer = await app.inject("/days?from=yesterday");
    expect(answer.statusCode).toBe(422);
    expect(answer.json().field).toBe("query.from");
  });

  test("is told the limit that its body passes", async () => {
    const answer = await post(JSON.stringify("x".repeat(500)));
    expect(answer.statusCode).toBe(413);
    expect(answer.json()).toMatchObject({ code: "tooLarge", limit: "200 bytes" });
  });

  test("is told which content type is not understood", async () => {
    const answer = await post("<orders/>", "text/xml");
    expect(answer.statusCode).toBe(415);
    expect(answer.json().detail).toContain("text/xml");
  });

  test("is told that there is no such route", async () => {
    const answer = await app.inject("/nowhere?secret=1");
    expect(answer.statusCode).toBe(404);
    expect(answer.json().detail).toBe("There is no route GET /nowhere here.");
  });
});

describe("a handler that throws", () => {
  async function failWith(error: unknown) {
    app.get("/fail", { config: open }, async () => {
      throw error;
    });
    return app.inject("/fail");
  }

  test("an error of the table keeps its status, code and fields", async () => {
    const answer = await failWith(appError("conflict", { reason: "it is closed", version: 3n }));
    expect(answer.statusCode).toBe(409);
    expect(answer.json()).toMatchObject({ code: "conflict", reason: "it is closed", version: "3" });
  });

  test("an error of the table is found below others", async () => {
    const answer = await failWith(
      new Error("outer", { cause: appError("forbidden", { reason: "no" }) }),
    );
    expect(answer.statusCode).toBe(403);
  });

  test("overload says when to come again", async () => {
    const answer = await failWith(
      appError("overloaded", { what: "The queue", retryAfterSeconds: 7 }),
    );
    expect(answer.statusCode).toBe(503);
    expect(answer.headers["retry-after"]).toBe("7");
  });

  test("anything else tells nothing of the inside but the request's id", async () => {
    const answer = await failWith(new Error("password is hunter2"));
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toContain("hunter2");
    expect(answer.json().detail).toContain(answer.headers["x-request-id"]);
  });

  test("a closed database is 503 with Retry-After", async () => {
    const pool = new pg.Pool({ host: "127.0.0.1", port: 1, connectionTimeoutMillis: 500 });
    app.get("/read", { config: open }, async () => pool.query("select 1"));
    const answer = await app.inject("/read");
    expect(answer.statusCode).toBe(503);
    expect(answer.headers["retry-after"]).toBe("2");
    expect(answer.json()).toMatchObject({ code: "databaseUnavailable", reason: "ECONNREFUSED" });
    await pool.end();
  });
});

test("a caller's request id is kept when it is harmless, and replaced when not", async () => {
  const kept = await app.inject({ url: "/days", headers: { "x-request-id": "trace-12345" } });
  expect(kept.headers["x-request-id"]).toBe("trace-12345");
  const replaced = await app.inject({ url: "/days", headers: { "x-request-id": 'a b"c<script>' } });
  expect(replaced.headers["x-request-id"]).toMatch(/^[\w-]{36}$/);
});

test("every answer is measured by route", async () => {
  await app.inject("/days?from=2026-11-21");
  expect(await metrics.text()).toContain(
    'http_request_duration_seconds_count{method="GET",route="/days",status="200"} 1',
  );
});

test("a failed request's log line names the trace that its caller sent", async () => {
  const lines: string[] = [];
  const destination = new Writable({
    write(chunk, _, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const log = makeLogger({ level: "error", name: "http", destination });
  const traced = buildHttpServer({ log, metrics });
  traced.post("/fail", { config: open }, () => Promise.reject(new Error("broken")));
  const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
  const fail = (headers: Record<string, string>) =>
    traced.inject({ method: "POST", url: "/fail", payload: {}, headers });
  expect((await fail({ traceparent: `00-${traceId}-00f067aa0ba902b7-01` })).statusCode).toBe(500);
  expect((await fail({})).statusCode).toBe(500);
  await traced.close();
  const [first = "", second = ""] = lines;
  expect(JSON.parse(first)).toMatchObject({ msg: "request failed", traceId });
  expect(JSON.parse(second)).not.toHaveProperty("traceId");
});

test("what is full or away is said in the log by name, without a stack for each refusal", async () => {
  const lines: string[] = [];
  const destination = new Writable({
    write(chunk, _, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const log = makeLogger({ level: "warn", name: "http", destination });
  const refusing = buildHttpServer({ log, metrics });
  const full = appError("overloaded", { what: "The intake of orders", retryAfterSeconds: 3 });
  refusing.get("/full", { config: open }, () => Promise.reject(full));
  const answer = await refusing.inject("/full");
  await refusing.close();
  expect(answer).toMatchObject({ statusCode: 503, headers: { "retry-after": "3" } });
  const [line = ""] = lines;
  expect(JSON.parse(line)).toMatchObject({ code: "overloaded", msg: "request refused" });
  expect(line).not.toContain("stack");
});

describe("a query parameter", () => {
  test("that the route does not know is refused by name, with those that it takes", async () => {
    const answer = await app.inject("/days?from=2026-11-21&form=2026-11-21");
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: "badRequest", field: "query.form" });
    expect(answer.json().detail).toContain(
      "the query parameter form is unknown; this route takes from",
    );
  });

  test("that is given twice is refused by name", async () => {
    const answer = await app.inject("/days?from=2026-11-21&from=2026-11-22");
    expect(answer.statusCode).toBe(400);
    expect(answer.json().detail).toContain("the query parameter from is given 2 times");
  });

  test("is refused on a route that takes none", async () => {
    const answer = await app.inject({ method: "POST", url: "/orders?dryRun=true", payload: [] });
    expect(answer.statusCode).toBe(400);
    expect(answer.json().detail).toContain("dryRun is unknown; this route takes none");
    expect((await app.inject({ method: "POST", url: "/orders?", payload: [] })).statusCode).toBe(
      200,
    );
  });

  test("and an address that are not UTF-8 are refused", async () => {
    for (const url of ["/days?from=caf%E9", "/days%E9"]) {
      const answer = await app.inject(url);
      expect(answer.statusCode).toBe(400);
      expect(answer.headers["content-type"]).toContain("application/problem+json");
      expect(answer.json().detail).toContain("not UTF-8 text");
    }
  });

  test("is let pass on pages, on routes that say so, and where there is no route", async () => {
    app.get("/page", { config: open, schema: { hide: true } }, async () => "page");
    app.get("/alive", { config: { ...open, anyQuery: true } }, async () => "yes");
    expect((await app.inject("/page?token=a&token=b")).statusCode).toBe(200);
    expect((await app.inject("/alive?cache=1")).statusCode).toBe(200);
    expect((await app.inject("/nowhere?a=1")).statusCode).toBe(404);
  });

  test("that a schema does not list is a mistake in the program", () => {
    const schema = { querystring: z.record(z.string(), z.string()) };
    expect(() => app.get("/loose", { schema }, async () => ({}))).toThrow(
      "route GET /loose does not list its query parameters",
    );
  });
});

test("an answer repeats no more of a value than a person can read", async () => {
  const large = buildHttpServer({
    log: silentLogger,
    metrics: makeMetrics(),
    limits: { bodyMaxBytes: 2_000_000 },
  });
  large.post(
    "/words",
    { config: open, schema: { body: z.strictObject({ word: z.enum(["a", "b"]) }) } },
    async () => ({}),
  );
  const long = "x".repeat(400_000);
  const answers = [
    await large.inject({ method: "POST", url: "/words", payload: { word: long, [long]: 1 } }),
    await large.inject({
      method: "POST",
      url: "/words",
      payload: "a",
      headers: { "content-type": `text/${long}` },
    }),
    await large.inject(`/${"y".repeat(10_000)}`),
    await large.inject({ method: "POST", url: `/words?${long}=1`, payload: { word: "a" } }),
  ];
  await large.close();
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([422, 415, 404, 400]);
  for (const { body } of answers) expect(body.length).toBeLessThan(2_000);
});
