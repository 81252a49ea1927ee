import type { ChildProcess } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import type { Readiness } from "@tillcast/core";
import { createTestDatabase, type TestDatabase } from "@tillcast/core/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Cli, endedBy, openCli } from "./testing/run-cli.ts";

let test: TestDatabase;
let cli: Cli;
let env: Record<string, string>;
beforeAll(async () => {
  test = await createTestDatabase();
  cli = await openCli();
  env = {
    DATABASE_URL: test.url,
    TILLCAST_SECRET_KEY: "00".repeat(32),
    FORECAST_TRAINING: "off",
    TILLCAST_DRAIN_MS: "1500",
  };
});
afterAll(async () => {
  await cli.close();
  await test.drop();
});

/** Eight processes that start at the same time take theirs on a busy machine. */
const startMaxMs = 240_000;

const statusOf = async (address: string, path: string) => (await fetch(address + path)).status;

it.each(["ingest", "process", "forecast", "gateway"])(
  "%s alone asks for a database that others can reach too",
  async (service) => {
    const { exitCode, stdout, stderr } = await cli.run([service]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(`DATABASE_URL is required by "tillcast ${service}"`);
  },
);

it("services run alone, two of each, and do together what one process does", {
  timeout: startMaxMs,
}, async () => {
  const { run } = cli;
  const create = async (...args: string[]) => (await run([...args, "--json"], "", env)).json;
  const { tenantId } = await create("tenant", "create", "--name", "Aurora");
  const place = "--time-zone Europe/Berlin --currency EUR --closeout 04:00".split(" ");
  const { storeId } = await create(
    ...["store", "create", "--tenant", tenantId, "--name", "M", ...place],
  );
  const { key } = await create(
    ...["key", "create", "--tenant", tenantId, "--scopes", "orders:write,sales:read"],
  );
  expect((await create("doctor")).checks).toContainEqual({
    name: "server",
    state: "notice",
    detail: "none counts orders",
  });
  const commands = ["ingest", "process", "forecast", "gateway"].flatMap((name) => [name, name]);
  const running = await Promise.all(commands.map((command) => cli.serve({ command, env })));
  const [ingest, otherIngest, process, , , , gateway, otherGateway] = running;
  if (!ingest || !otherIngest || !process || !gateway || !otherGateway) throw new Error("missing");
  for (const { address, metricsAddress } of running) {
    expect(await statusOf(address, "/healthz")).toBe(200);
    const { ready, checks } = (await (await fetch(`${address}/readyz`)).json()) as Readiness;
    expect(ready).toBe(true);
    expect(checks.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["database", "event log", "in service"]),
    );
    expect(await (await fetch(metricsAddress)).text()).toContain("process_cpu_seconds_total");
  }

  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const openedAt = "2026-10-21T12:00:00Z";
  const push = (address: string, orderId: string) =>
    fetch(`${address}/v1/orders`, {
      method: "POST",
      headers,
      body: JSON.stringify({
        ...{ storeId, orderId, version: { vendorVersion: 1 }, status: "closed", currency: "EUR" },
        ...{ openedAt, paidAt: openedAt, lines: [{ key: "1", name: "Soup", gross: "650" }] },
      }),
    });
  expect(await (await push(ingest.address, "1")).json()).toMatchObject({ accepted: 1 });
  expect(await (await push(otherIngest.address, "2")).json()).toMatchObject({ accepted: 1 });
  const sales = `/v1/stores/${storeId}/sales?from=2026-10-21&to=2026-10-22&grain=business-day`;
  for (const { address } of [gateway, otherGateway]) {
    await expect
      .poll(async () => (await fetch(address + sales, { headers })).json())
      .toMatchObject({ windows: [{ businessDate: "2026-10-21", net: "1300", orders: 2 }] });
  }
  expect((await push(gateway.address, "3")).status).toBe(404);
  expect(await statusOf(ingest.address, sales)).toBe(404);
  expect(await statusOf(process.address, "/v1/orders")).toBe(404);

  // A command leaves the counting to the processors, whichever way they were started.
  expect((await create("doctor")).checks).toContainEqual({
    name: "server",
    state: "ok",
    detail: "running",
  });

  await drains(ingest, () => push(ingest.address, "4"));
  await Promise.all(
    running.slice(1).map(async ({ child }) => expect(await endedBy(child, "SIGTERM")).toBe(0)),
  );
});

/** Told to stop, it says "not ready" first, and goes on to answer. */
async function drains(
  { child, address }: { child: ChildProcess; address: string },
  send: () => Promise<Response>,
): Promise<void> {
  const ended = endedBy(child, "SIGTERM");
  await expect.poll(() => statusOf(address, "/readyz"), { interval: 20 }).toBe(503);
  expect(await statusOf(address, "/healthz")).toBe(200);
  const answer = await send();
  expect(await answer.json()).toMatchObject({ accepted: 1 });
  expect(answer.headers.get("connection")).toBe("close");
  expect(await ended).toBe(0);
  await expect(send()).rejects.toThrow("fetch failed");
}

it("a second signal ends at once what takes its time", { timeout: startMaxMs }, async () => {
  const slow = { ...env, TILLCAST_DRAIN_MS: "60000" };
  const { child, address } = await cli.serve({ command: "ingest", env: slow });
  const ended = endedBy(child, "SIGTERM");
  await expect.poll(() => statusOf(address, "/readyz"), { interval: 20 }).toBe(503);
  // What follows within a second is the same Ctrl-C once more.
  child.kill("SIGTERM");
  await pause(1_500);
  expect(await statusOf(address, "/healthz")).toBe(200);
  child.kill("SIGTERM");
  expect(await ended).toBe(1);
});
