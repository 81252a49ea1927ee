/** Sends this process's spans to an OpenTelemetry collector, in batches, and never holds up the work itself. */

import { hostname } from "node:os";
import type { Logger } from "../logging.ts";
import type { Metrics } from "../telemetry.ts";
import { declareLoop } from "../work/loops/declare-loop.ts";
import { startLoop } from "../work/loops/start-loop.ts";
import { otlpRequest } from "./otlp.ts";
import { collectSpans, type Span } from "./spans.ts";

/** Spans that wait while the collector does not answer, about 1 MB; what comes beyond is dropped. */
const waitingMax = 2_048;
/** Spans of one request. */
const requestMaxCount = 512;
const sendEveryMs = 2_000;
const requestTimeoutMs = 5_000;
/** Sending the rest at a stop; what does not fit is dropped, since the rest of the stop waits for it. */
const stopTimeoutMs = 3_000;

/** Settings of tracing, under the names that OpenTelemetry gives them. */
export interface TracingSettings {
  /** The collector's address; nothing is traced without one. */
  readonly OTEL_EXPORTER_OTLP_ENDPOINT?: string | undefined;
  /** Further headers, as `name=value,name=value`. */
  readonly OTEL_EXPORTER_OTLP_HEADERS?: string | undefined;
  /** Share of the traces beginning here that are recorded. */
  readonly OTEL_TRACES_SAMPLER_ARG: number;
}

export interface TracingDeps {
  readonly settings: TracingSettings;
  /** The name under which the spans appear. */
  readonly serviceName: string;
  readonly log: Logger;
  readonly metrics: Metrics;
}

const spansLoop = declareLoop({
  name: "spans",
  does: "sends spans to the collector of traces",
  every: sendEveryMs,
  stops: "sends what waits, within a limit",
});

/** Starts tracing where an endpoint is set. `stop` sends what waits. */
export function startTracing(deps: TracingDeps): { stop(): Promise<void> } {
  const { settings, log, metrics } = deps;
  const spansTotal = metrics.counter({
    name: "tillcast_spans_total",
    help: "Spans that were sent to the collector of traces or dropped, by result.",
    labelNames: ["result"],
  });
  const endpoint = settings.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (endpoint === undefined) return { stop: async () => undefined };
  const url = `${endpoint.replace(/\/$/, "")}/v1/traces`;
  const headers = {
    "content-type": "application/json",
    ...parseHeaders(settings.OTEL_EXPORTER_OTLP_HEADERS ?? ""),
  };
  const resource = {
    "service.name": deps.serviceName,
    "service.instance.id": `${hostname()}/${process.pid}`,
  };
  const waiting: Span[] = [];

  async function send(within = AbortSignal.timeout(requestTimeoutMs)): Promise<boolean> {
    const spans = waiting.splice(0, requestMaxCount);
    if (spans.length === 0) return false;
    try {
      const body = JSON.stringify(otlpRequest(resource, spans));
      const answer = await fetch(url, { method: "POST", headers, body, signal: within });
      await answer.body?.cancel();
      if (!answer.ok) throw new Error(`the collector answered ${answer.status}`);
      spansTotal.inc({ result: "sent" }, spans.length);
    } catch (error) {
      spansTotal.inc({ result: "dropped" }, spans.length);
      log.warn({ err: error, spans: spans.length }, "spans not sent");
    }
    return waiting.length > 0;
  }

  const forget = collectSpans({
    sampledShare: settings.OTEL_TRACES_SAMPLER_ARG,
    collect(span) {
      if (waiting.length < waitingMax) waiting.push(span);
      else spansTotal.inc({ result: "dropped" });
    },
  });
  const loop = startLoop(spansLoop, { log, step: () => send() });
  return {
    async stop() {
      forget();
      const within = AbortSignal.timeout(stopTimeoutMs);
      await Promise.race([loop.stop(), aborted(within)]);
      while (!within.aborted && (await send(within)));
      spansTotal.inc({ result: "dropped" }, waiting.splice(0).length);
    },
  };
}

/** Resolves when a signal aborts. */
const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));

/** Reads `name=value,name=value`, whose values are percent-encoded. */
function parseHeaders(text: string): Record<string, string> {
  const pairs = text.split(",").flatMap((part) => {
    const at = part.indexOf("=");
    if (at < 1) return [];
    return [[part.slice(0, at).trim(), decodeURIComponent(part.slice(at + 1).trim())] as const];
  });
  return Object.fromEntries(pairs);
}
