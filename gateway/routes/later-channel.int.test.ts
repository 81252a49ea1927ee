import type { EntriesResponse, LiveSnapshot, SalesResponse } from "@tillcast/schemas";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GatewayHarness, openGatewayHarness } from "../testing/harness.ts";
import { addKey, addTenant } from "../testing/people.ts";
import { addStore, postSale, type TestStore } from "../testing/sales.ts";

/** A channel of a later release, for which this one has no word. */
const laterChannel = 200;

describe("sales of a channel that a later release added", () => {
  let harness: GatewayHarness;
  let authorization: string;
  let store: TestStore;

  beforeAll(async () => {
    harness = await openGatewayHarness();
    const { service } = harness.test.database;
    const tenantId = await addTenant(service);
    authorization = await addKey(service, tenantId, ["sales:read"]);
    store = await addStore(service, { tenantId });
    const at = "2026-02-20T12:01:00Z";
    await postSale(service, store, { at, net: 100n, channel: "other" });
    await postSale(service, store, { at, net: 20n, channel: "kiosk" });
    await postSale(service, store, { at, net: 3n, channel: "dine_in" });
    for (const table of ["rollup_15m", "rollup_hour", "rollup_day"]) {
      await service.query(`update ${table} set channel = $1 where channel = 5`, [laterChannel]);
    }
  });
  afterAll(() => harness.close());

  const get = async <Body>(path: string, query: Record<string, string>): Promise<Body> => {
    const url = `/v1/stores/${store.storeId}/${path}`;
    const answer = await harness.http.inject({ url, query, headers: { authorization } });
    expect(answer.statusCode, answer.body).toBe(200);
    return answer.json<Body>();
  };
  const brief = (rows: readonly { channel?: string | undefined; net: string }[]) =>
    rows.map(({ channel, net }) => `${channel} ${net}`);

  test.each([
    { from: "2026-02-20T12:00:00Z", to: "2026-02-20T12:15:00Z", grain: "15m" },
    { from: "2026-02-20T12:00:00Z", to: "2026-02-20T13:00:00Z", grain: "hour" },
    { from: "2026-02-20", to: "2026-02-21", grain: "business-day" },
  ])("are added to those of other, by channel and by $grain", async (query) => {
    const { windows } = await get<SalesResponse>("sales", { ...query, by: "channel" });
    expect(brief(windows)).toEqual(["dine_in 3", "other 120"]);
  });

  test("are one window with those of other in a snapshot, since a page keeps one of each channel", async () => {
    const { windows } = await get<LiveSnapshot>("live", { date: "2026-02-20" });
    expect(brief(windows)).toEqual(["dine_in 3", "other 120"]);
  });

  test("leave the bills as they are", async () => {
    const query = { businessDate: "2026-02-20", channel: "other" };
    const { total } = await get<EntriesResponse>("entries", query);
    expect(total).toMatchObject({ net: "100" });
  });
});
