import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { makeMetrics, openScope, startTracing } from "@tillcast/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { root } from "../house/sources.ts";
import { composeProduct } from "../support/composed-product.ts";
import { metricOfSeries, metricsNamedBy } from "../support/metric-names.ts";
import { describedMetrics, documentedMetrics, type ShownMetric } from "../support/read-metrics.ts";

const scope = openScope();
let shown: readonly ShownMetric[];
let unknownIn: (expressions: readonly string[]) => readonly string[];
const read = (path: string) => readFileSync(join(root, path), "utf8");

beforeAll(async () => {
  const { installation, operationsUrl } = await composeProduct(scope);
  // As every process does; without an endpoint nothing is traced.
  startTracing({ ...installation, settings: { OTEL_TRACES_SAMPLER_ARG: 0 }, serviceName: "test" });
  shown = describedMetrics(await (await fetch(`${operationsUrl}/metrics`)).text());
  const ofNode = describedMetrics(await makeMetrics({ processMetrics: true }).text());
  const known = new Set([...shown, ...ofNode].map(({ name }) => name).concat("up"));
  const histograms = new Set(
    shown.filter((one) => one.type === "histogram").map((one) => one.name),
  );
  unknownIn = (expressions) =>
    expressions
      .flatMap(metricsNamedBy)
      .filter((series) => !known.has(metricOfSeries(series, histograms)));
});
afterAll(() => scope.close());

test("every metric of the product is documented as it says of itself, and no other", () => {
  expect(shown.length).toBeGreaterThan(30);
  expect(documentedMetrics(read("docs/metrics.md"))).toEqual(shown);
});

test("alert rules name metrics that the product has, and pages that exist", () => {
  interface Rule {
    readonly alert: string;
    readonly expr: string;
    readonly labels: { readonly severity: string };
    readonly annotations: { readonly summary: string; readonly runbook: string };
  }
  const { groups } = parse(read("deploy/prometheus/alerts.yml")) as {
    readonly groups: readonly { readonly rules: readonly Rule[] }[];
  };
  const rules = groups.flatMap((group) => group.rules);
  expect(rules.map(({ alert }) => alert)).toContain("TillcastOrdersDoNotBalance");
  expect(unknownIn(rules.map(({ expr }) => expr))).toEqual([]);
  expect(unknownIn(["max(tillcast_nothing_of_ours) > 0"])).toEqual(["tillcast_nothing_of_ours"]);
  for (const { annotations } of rules) {
    const [file = "", heading] = annotations.runbook.split("#");
    expect(existsSync(join(root, file)), file).toBe(true);
    if (heading !== undefined) expect(headingsOf(read(file))).toContain(heading);
  }
});

test("the dashboard asks for metrics that the product has, of the data source that is provisioned", () => {
  interface Panel {
    readonly title: string;
    readonly datasource: { readonly uid: string };
    readonly targets: readonly { readonly expr: string }[];
  }
  const { panels } = JSON.parse(read("deploy/grafana/dashboards/tillcast.json")) as {
    readonly panels: readonly Panel[];
  };
  expect(panels.length).toBeGreaterThan(10);
  expect(unknownIn(panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)))).toEqual([]);
  const { datasources } = parse(read("deploy/grafana/provisioning/datasources/prometheus.yml")) as {
    readonly datasources: readonly { readonly uid: string }[];
  };
  expect(new Set(panels.map(({ datasource }) => datasource.uid))).toEqual(
    new Set(datasources.map(({ uid }) => uid)),
  );
});

/** Headings as links name them. */
const headingsOf = (markdown: string): string[] =>
  [...markdown.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
