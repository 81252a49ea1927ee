import { enqueueJob } from "@tillcast/core/work";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GatewayHarness, openGatewayHarness } from "../testing/harness.ts";
import { addTenant, addUser } from "../testing/people.ts";
import { addStore } from "../testing/sales.ts";

let harness: GatewayHarness;
let tenantId: string;
beforeAll(async () => {
  harness = await openGatewayHarness();
  tenantId = await addTenant(harness.test.database.service);
});
afterAll(() => harness.close());

const service = () => harness.test.database.service;
const read = (url: string, cookie: string) => harness.http.inject({ url, headers: { cookie } });

test("work of the whole installation is shown to its operators alone", async () => {
  const { jobId } = await enqueueJob(service(), { kind: "refold" });
  for (const role of ["owner", "manager", "viewer", "operator"] as const) {
    const { cookie, userId } = await addUser(service(), { tenantId, role });
    expect((await read("/v1/jobs", cookie)).body, role).not.toContain(jobId);
    await service().query("update app_user set runs_installation = true where user_id = $1", [
      userId,
    ]);
    const isShown = (await read("/v1/jobs", cookie)).body.includes(jobId);
    expect(isShown, role).toBe(role === "operator");
  }
});

test("an archived store is in no list, and what it sold can still be read", async () => {
  const { storeId } = await addStore(service(), { tenantId, name: "Harbour" });
  const { cookie } = await addUser(service(), { tenantId, role: "owner" });
  const lists = ["/v1/stores", "/v1/overview"];
  for (const url of lists) expect((await read(url, cookie)).body).toContain(storeId);
  await service().query("update store set archived_at = now() where store_id = $1", [storeId]);
  for (const url of lists) expect((await read(url, cookie)).body).not.toContain(storeId);
  const days = "from=2026-03-01&to=2026-03-02&grain=day";
  expect((await read(`/v1/stores/${storeId}/sales?${days}`, cookie)).statusCode).toBe(200);
});
