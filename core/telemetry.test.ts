import { expect, test } from "vitest";
import { makeMetrics } from "./telemetry.ts";

test("asking twice for a name counts in the same metric", async () => {
  const metrics = makeMetrics();
  const options = { name: "orders_total", help: "Orders.", labelNames: ["status"] } as const;
  metrics.counter(options).inc({ status: "accepted" });
  metrics.counter(options).inc({ status: "accepted" }, 2);
  expect(await metrics.text()).toContain('orders_total{status="accepted"} 3');
});

test("a gauge with collect is read when the metrics are", async () => {
  const metrics = makeMetrics();
  let depth = 1;
  metrics.gauge({ name: "queue_depth", help: "Waiting.", collect: (gauge) => gauge.set(depth) });
  depth = 7;
  expect(await metrics.text()).toContain("queue_depth 7");
});
