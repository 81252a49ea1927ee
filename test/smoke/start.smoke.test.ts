import { rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { killAll, processesIn, waitUntil } from "../support/processes.ts";
import { freePort, type Product, runToEnd, startProduct } from "../support/product.ts";
import { copySources } from "./copy-sources.ts";
import { people } from "./people.ts";

/** Generous: figures are printed here and judged by people. */
const liveTimeoutMs = 300_000;
const stopTimeoutMs = 30_000;

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

describe.each(people.map((makePerson, at) => ({ at, makePerson })))("newcomer $at", (row) => {
  const person = row.makePerson();
  const figure = (what: string, ms: number) =>
    console.log(`FIGURE ${person.name}: ${what} ${seconds(ms)}`);
  let folder: string;
  let port: number;
  let product: Product;

  const start = async () => {
    product = await startProduct({ folder, port, runAs: person.runAs });
    return product;
  };
  const nothingIsLeft = async () => {
    await waitUntil(
      "every process of the product ends",
      () => processesIn(folder).length === 0,
      stopTimeoutMs,
    ).catch(() => {});
    expect(processesIn(folder)).toEqual([]);
  };

  beforeAll(async () => {
    folder = copySources(person.runAs);
    port = await freePort();
  });

  afterAll(async () => {
    killAll(processesIn(folder));
    await waitUntil("all is gone", () => processesIn(folder).length === 0, stopTimeoutMs);
    rmSync(folder, { recursive: true, force: true });
    person.leave();
  });

  it("installs with npm ci", async () => {
    const from = performance.now();
    await runToEnd("npm", ["ci"], { folder, runAs: person.runAs });
    figure("npm ci", performance.now() - from);
  });

  it("starts with npm start, serves the dashboard, and its stores trade live", async () => {
    const from = performance.now();
    await start();
    figure("first start to ready", product.readyMs);
    const page = await fetch(product.url);
    expect(page.status).toBe(200);
    expect(page.headers.get("content-type")).toContain("text/html");
    await waitUntil(
      "the stores trade live",
      () => product.output().includes("trade live"),
      liveTimeoutMs,
    );
    expect(product.output()).toMatch(/http:\/\/127\.0\.0\.1:\d+\/link#token=/);
    figure("first start to stores that trade live", performance.now() - from);
  });

  it("leaves nothing running after SIGTERM to npm", async () => {
    const from = performance.now();
    await product.end("SIGTERM");
    await nothingIsLeft();
    figure("stop", performance.now() - from);
  });

  it("starts again on its data", async () => {
    await start();
    figure("later start to ready", product.readyMs);
    expect(product.output()).not.toContain("Built the dashboard");
  });

  it("starts again after npm and node were killed and PostgreSQL was left behind", async () => {
    killAll(
      processesIn(folder).filter(({ command }) => /^(npm|node|\S+\/node|sh)\b/.test(command)),
    );
    expect(processesIn(folder).some(({ command }) => command.includes("postgres"))).toBe(true);
    await start();
    figure("start after SIGKILL to ready", product.readyMs);
  });

  it("starts again after everything was killed", async () => {
    killAll(processesIn(folder));
    await waitUntil("all is gone", () => processesIn(folder).length === 0, stopTimeoutMs);
    await start();
    figure("start after SIGKILL of all to ready", product.readyMs);
    await product.end("SIGTERM");
    await nothingIsLeft();
  });
});
