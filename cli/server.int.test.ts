import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Cli, endedBy, openCli } from "./testing/run-cli.ts";

let cli: Cli;
beforeAll(async () => {
  cli = await openCli();
});
afterAll(() => cli.close());

/** Makes the process believe that it is an older Node, so that it hands over to the pinned one. */
const asOlderNode = [
  "--import",
  "data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.0.0'}})",
];

it("commands share a running server's database, and leave counting to it", {
  timeout: 180_000,
}, async () => {
  const { child, address } = await cli.serve();
  const create = async (...args: string[]) => (await cli.run([...args, "--json"])).json;
  const { tenantId } = await create("tenant", "create", "--name", "Aurora");
  const place = "--time-zone Europe/Berlin --currency EUR --closeout 04:00".split(" ");
  const { storeId } = await create(
    "store",
    "create",
    "--tenant",
    tenantId,
    "--name",
    "M",
    ...place,
  );
  const { key } = await create(
    ...["key", "create", "--tenant", tenantId, "--scopes", "orders:write,sales:read"],
  );
  const openedAt = "2026-10-21T12:00:00Z";
  const bill = {
    ...{ storeId, orderId: "1", version: { vendorVersion: 1 }, status: "closed", currency: "EUR" },
    ...{ openedAt, paidAt: openedAt, lines: [{ key: "1", name: "Soup", gross: "650" }] },
  };
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const body = JSON.stringify(bill);
  const pushed = await fetch(`${address}/v1/orders`, { method: "POST", headers, body });
  expect(await pushed.json()).toMatchObject({ accepted: 1 });
  const file = join(cli.dataDir, "sales.csv");
  await writeFile(file, "order_id,opened_at,item,unit_price\n7,2026-10-21 12:04,Tea,2.50\n");
  const importing = ["import", "--store", storeId, "--profile", "generic", file];
  // The day has a pushed sale of its own.
  const imported = await create(...importing, "--different-sales");
  expect(imported).toEqual({ accepted: 1, duplicates: 0, rejected: 0, net: "250" });
  const sales = `${address}/v1/stores/${storeId}/sales?from=2026-10-21&to=2026-10-22&grain=business-day`;
  const answer = await (await fetch(sales, { headers })).json();
  expect(answer).toMatchObject({
    windows: [{ businessDate: "2026-10-21", net: "900", orders: 2 }],
  });
  const { checks } = await create("doctor");
  expect(checks).toContainEqual({ name: "server", state: "ok", detail: "running" });
  const detail = "2 accepted = 2 settled + 0 set aside + 0 waiting; 0 parked";
  expect(checks).toContainEqual({ name: "balance", state: "ok", detail });
  expect(await create("balance")).toMatchObject({ balanced: true, parked: "0" });
  expect((await cli.run(["verify"])).stdout).toMatch(/^Equal: 2 orders/);
  expect(await endedBy(child, "SIGTERM")).toBe(0);
  expect(existsSync(join(cli.dataDir, "server.json"))).toBe(false);
});

it.each(["SIGTERM", "SIGINT"] as const)(
  "under an older Node, %s reaches the server and stops everything",
  async (signal) => {
    const { child } = await cli.serve({ nodeOptions: asOlderNode });
    expect(await endedBy(child, signal)).toBe(0);
    expect(existsSync(join(cli.dataDir, "server.json"))).toBe(false);
  },
);

it("says which port is taken, and leaves the server that has it alone", async () => {
  const { child, address, metricsAddress } = await cli.serve();
  for (const [setting, taken] of [
    ["PORT", address],
    ["OPERATIONS_PORT", metricsAddress],
  ] as const) {
    const { host, port } = new URL(taken);
    const second = await cli.run(["start"], "", { [setting]: port });
    expect(second.exitCode).toBe(1);
    expect(second.stderr).toContain(
      `another program listens on ${host}; stop it, or set ${setting} to another`,
    );
  }
  expect((await fetch(`${address}/healthz`)).status).toBe(200);
  expect(await endedBy(child, "SIGTERM")).toBe(0);
});

it("takes a free port for metrics where nobody named one and the usual one is taken", async () => {
  const holder = createServer();
  // Where somebody else has the port already, it is taken all the same.
  await new Promise<void>((resolve) => {
    holder.once("error", () => resolve());
    holder.listen({ host: "127.0.0.1", port: 9464 }, resolve);
  });
  try {
    const { child, address, metricsAddress } = await cli.serve({
      env: { OPERATIONS_PORT: undefined },
    });
    expect(new URL(metricsAddress).port).not.toBe("9464");
    expect((await fetch(metricsAddress)).status).toBe(200);
    expect((await fetch(`${address}/healthz`)).status).toBe(200);
    expect(await endedBy(child, "SIGTERM")).toBe(0);
  } finally {
    holder.close();
  }
});
