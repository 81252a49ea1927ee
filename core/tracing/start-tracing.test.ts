import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { silentLogger } from "../logging.ts";
import { makeMetrics } from "../telemetry.ts";
import { inSpan, traceHeaders } from "./spans.ts";
import { startTracing } from "./start-tracing.ts";

interface Received {
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let received: Received[];
let status: number;
/** A collector that takes requests and never answers. */
let isHanging = false;
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const body = Buffer.concat(chunks).toString();
    received.push({ url: request.url, headers: request.headers, body });
    if (!isHanging) response.writeHead(status).end("{}");
  });
});
let endpoint = "";

beforeEach(async () => {
  received = [];
  status = 200;
  isHanging = false;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

const tracingTo = (OTEL_EXPORTER_OTLP_ENDPOINT: string | undefined) => {
  const metrics = makeMetrics();
  const settings = {
    OTEL_EXPORTER_OTLP_ENDPOINT,
    OTEL_EXPORTER_OTLP_HEADERS: "authorization=Bearer%20secret,x-scope=shop",
    OTEL_TRACES_SAMPLER_ARG: 1,
  };
  const serviceName = "tillcast-test";
  return { metrics, tracing: startTracing({ settings, serviceName, log: silentLogger, metrics }) };
};
const work = {
  name: "accept orders",
  kind: "producer",
  attributes: { count: 3, share: 0.5 },
} as const;

it("sends spans as the protocol has them, the last ones at the stop", async () => {
  const { metrics, tracing } = tracingTo(`${endpoint}/`);
  const before = Date.now();
  const headers = await inSpan(work, async () => traceHeaders());
  await expect(inSpan(work, () => Promise.reject(new Error("full")))).rejects.toThrow();
  await tracing.stop();
  expect(received.map(({ url }) => url)).toEqual(received.map(() => "/v1/traces"));
  expect(received[0]?.headers).toMatchObject({
    authorization: "Bearer secret",
    "x-scope": "shop",
    "content-type": "application/json",
  });
  const requests = received.map(({ body }) => JSON.parse(body).resourceSpans[0]);
  expect(requests[0].resource.attributes).toContainEqual({
    key: "service.name",
    value: { stringValue: "tillcast-test" },
  });
  const [done, failed] = requests.flatMap((request) => request.scopeSpans[0].spans);
  expect(headers?.headers.traceparent).toBe(`00-${done.traceId}-${done.spanId}-01`);
  expect(done).toMatchObject({ name: "accept orders", kind: 4, status: {} });
  expect(done.parentSpanId).toBeUndefined();
  expect(done.attributes).toEqual([
    { key: "count", value: { intValue: "3" } },
    { key: "share", value: { doubleValue: 0.5 } },
  ]);
  expect(done.startTimeUnixNano).toMatch(/^\d{19}$/);
  expect(BigInt(done.startTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(before) * 1_000_000n);
  expect(BigInt(done.endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(done.startTimeUnixNano));
  expect(failed.status).toEqual({ code: 2, message: "full" });
  expect(await metrics.text()).toContain('tillcast_spans_total{result="sent"} 2');
});

it("drops what a collector refuses, and goes on", async () => {
  status = 503;
  const { metrics, tracing } = tracingTo(endpoint);
  await inSpan(work, async () => undefined);
  await tracing.stop();
  expect(await metrics.text()).toContain('tillcast_spans_total{result="dropped"} 1');
});

it("does nothing without an endpoint, nor after the stop", async () => {
  const { tracing } = tracingTo(undefined);
  expect(await inSpan(work, async () => traceHeaders())).toBeUndefined();
  await tracing.stop();
  const { tracing: stopped } = tracingTo(endpoint);
  await stopped.stop();
  expect(await inSpan(work, async () => traceHeaders())).toBeUndefined();
  expect(received).toEqual([]);
});

it("gives up a collector that never answers, once for all that waits, and counts what it dropped", async () => {
  isHanging = true;
  const { metrics, tracing } = tracingTo(endpoint);
  for (let count = 0; count < 1_500; count += 1) await inSpan(work, async () => undefined);
  await tracing.stop();
  expect(received.length).toBeLessThanOrEqual(2);
  expect(await metrics.text()).toContain('tillcast_spans_total{result="dropped"} 1500');
});
