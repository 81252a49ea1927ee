import type { EntriesResponse, SalesResponse } from "@tillcast/schemas";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GatewayHarness, openGatewayHarness } from "../testing/harness.ts";
import { addKey, addTenant } from "../testing/people.ts";
import { addStore, postSale, type TestStore } from "../testing/sales.ts";

describe("drilling down from a window", () => {
  let harness: GatewayHarness;
  let authorization: string;
  let store: TestStore;

  beforeAll(async () => {
    harness = await openGatewayHarness();
    const { service } = harness.test.database;
    const tenantId = await addTenant(service);
    authorization = await addKey(service, tenantId, ["sales:read"]);
    store = await addStore(service, { tenantId });
    const start = Date.parse("2026-03-01T11:00:00Z");
    for (let index = 0; index < 25; index += 1) {
      await postSale(service, store, {
        at: start + Math.floor(index / 2) * 60_000,
        net: BigInt(100 + index),
        charge_service: 10n,
        refund: index % 5 === 0 ? 7n : 0n,
        tax: 19n,
        channel: index % 3 === 0 ? "delivery" : "dine_in",
        currency: index === 24 ? "USD" : "EUR",
      });
    }
    // The till says another business date than the clock would.
    await postSale(service, store, { at: start + 1_000, net: 5n, businessDate: "2026-02-20" });
  });
  afterAll(() => harness.close());

  const ask = (query: Record<string, string>, route = "entries") =>
    harness.http.inject({
      url: `/v1/stores/${store.storeId}/${route}`,
      query,
      headers: { authorization },
    });
  async function entriesOf(query: Record<string, string>): Promise<EntriesResponse> {
    const answer = await ask(query);
    expect(answer.statusCode, answer.body).toBe(200);
    return answer.json<EntriesResponse>();
  }
  const netOf = (answer: EntriesResponse) =>
    answer.entries.reduce((sum, entry) => sum + BigInt(entry.net), 0n).toString();

  test.each([
    ["15m", { from: "2026-03-01T11:00:00Z", to: "2026-03-01T11:15:00Z" }],
    ["hour", { from: "2026-03-01T12:00", to: "2026-03-01T13:00" }],
    ["business-day", { businessDate: "2026-03-01" }],
  ])("entries sum to their window by %s, channel and currency", async (grain, selection) => {
    const range =
      "businessDate" in selection ? { from: "2026-03-01", to: "2026-03-02" } : selection;
    const sales = await ask({ ...range, grain, by: "channel" }, "sales");
    const { windows } = sales.json<SalesResponse>();
    expect(windows.length).toBeGreaterThan(2);
    for (const window of windows) {
      const entries = await entriesOf({
        ...selection,
        channel: window.channel ?? "",
        currency: window.currency,
      });
      expect(entries.total).toMatchObject({ net: window.net, orders: window.orders });
      expect(netOf(entries)).toBe(window.net);
    }
  });

  test("a window holds what the till dated otherwise", async () => {
    const { entries } = await entriesOf({
      from: "2026-03-01T11:00:00Z",
      to: "2026-03-01T11:15:00Z",
    });
    expect(entries.filter((entry) => entry.businessDate === "2026-02-20")).toHaveLength(1);
  });

  const totalOfDay = {
    net: "3015",
    gross: "0",
    discount: "0",
    // These sales have a net and no gross.
    includedTax: "-2800",
    charges: "250",
    otherCharges: "0",
    rounding: "0",
    refund: "35",
    void: "0",
    tax: "475",
    tip: "0",
    unreconciled: "0",
    orders: 25,
    entries: 25,
  };

  test("pages hold every entry once, and the total of all", async () => {
    const seen: string[] = [];
    let cursor: string | null = null;
    let pages = 0;
    do {
      const query = { businessDate: "2026-03-01", limit: "4" };
      const page = await entriesOf(cursor === null ? query : { ...query, cursor });
      expect(page.total).toEqual(totalOfDay);
      seen.push(...page.entries.map((entry) => entry.entryId));
      cursor = page.nextCursor;
      pages += 1;
    } while (cursor !== null);
    expect([pages, seen.length, new Set(seen).size]).toEqual([7, 25, 25]);
  });

  test("an entry shows its order and the lines on the bill", async () => {
    const { entries } = await entriesOf({
      businessDate: "2026-03-01",
      channel: "delivery",
      limit: "1",
    });
    expect(entries[0]).toMatchObject({
      kind: "sale",
      net: "103",
      charges: "10",
      refund: "7",
      tax: "19",
      order: {
        source: "push",
        receiptNumber: "R-1",
        status: "closed",
        lines: [{ name: "Margherita", quantity: "1.5", net: "100", tax: "19", voided: false }],
      },
    });
  });

  test("an empty selection has an empty total", async () => {
    const empty = await entriesOf({ from: "2026-05-01", to: "2026-05-02" });
    expect(empty).toMatchObject({ total: { net: "0", orders: 0, entries: 0 }, entries: [] });
  });

  test.each([
    [{}, "query.businessDate"],
    [{ from: "2026-03-01" }, "query.to"],
    [{ from: "2026-03-01", to: "2026-06-01" }, "query.to"],
    [{ businessDate: "2026-02-30" }, "query.businessDate"],
    [{ businessDate: "2026-03-01", cursor: "bm9uc2Vuc2U" }, "query.cursor"],
    [{ businessDate: "2026-03-01", limit: "9999" }, "query.limit"],
    [{ businessDate: "2026-03-01", channel: "drone" }, "query.channel"],
  ])("names the field at fault: %o", async (query, field) => {
    const answer = await ask(query as unknown as Record<string, string>);
    expect(answer.statusCode, answer.body).toBe(422);
    expect(answer.json()).toMatchObject({ code: "validationFailed", field });
  });
});
