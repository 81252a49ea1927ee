import { randomUUID } from "node:crypto";
import { topics } from "@tillcast/schemas";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type IngestHarness, startIngestHarness } from "../testing/ingest-harness.ts";
import { anOrder } from "../testing/order-builders.ts";

let app: IngestHarness;
beforeAll(async () => {
  app = await startIngestHarness();
});
afterAll(() => app.close());

const ofStore = (change: Parameters<typeof anOrder>[0] = {}) =>
  anOrder({ storeId: app.tenant.storeId, orderId: randomUUID(), ...change });

async function appendedCount(): Promise<bigint> {
  const bounds = await app.eventLog.bounds(topics.orders.topic);
  return bounds.reduce((sum, { start, end }) => sum + end - start, 0n);
}

describe("orders whose text or words cannot be believed", () => {
  const sendBytes = (payload: Buffer) =>
    app.http.inject({
      method: "POST",
      url: "/v1/orders",
      payload,
      headers: { authorization: `Bearer ${app.tenant.key}`, "content-type": "application/json" },
    });

  test("two bills whose numbers differ in an accented letter, sent as latin-1, are refused whole", async () => {
    const id = randomUUID();
    const before = await appendedCount();
    const bills = ["caf\u00e9", "caf\u00e8"].map((name) => ofStore({ orderId: `${name} ${id}` }));
    const latin = await sendBytes(Buffer.from(JSON.stringify(bills), "latin1"));
    expect(latin.statusCode).toBe(400);
    expect(latin.json()).toMatchObject({ code: "badRequest" });
    expect(latin.json().detail).toContain("not UTF-8");
    expect(await appendedCount()).toBe(before);
    const utf8 = await sendBytes(Buffer.from(JSON.stringify(bills)));
    expect(utf8.json()).toMatchObject({ accepted: 2 });
  });

  test("an id is one id, however its accent is written", async () => {
    const id = randomUUID();
    const composed = ofStore({ orderId: `caf\u00e9 ${id}`, registerId: "th\u00e9" });
    const apart = { ...composed, orderId: `cafe\u0301 ${id}`, registerId: "the\u0301" };
    expect((await app.push([composed, apart])).body).toMatchObject({ accepted: 1, duplicates: 1 });
    const path = encodeURIComponent(`cafe\u0301 ${id}`);
    const status = await app.get(`/v1/orders/push/default/${path}/status`);
    expect(status).toMatchObject({ status: 200, body: { orderId: composed.orderId } });
    const line = { name: "A", gross: "1" };
    const twice = ofStore({
      lines: [
        { key: "\u00e9", ...line },
        { key: "e\u0301", ...line },
      ],
    });
    expect((await app.push(twice)).body.orders[0]).toMatchObject({ field: "lines[1].key" });
  });

  test("a fault repeats no more of a value than a person can read", async () => {
    const gross = "9".repeat(4_000_000);
    const { status, body } = await app.push(ofStore({ lines: [{ key: "1", name: "A", gross }] }));
    expect(status).toBe(422);
    expect(body.orders[0]?.reason).toContain(`got "${"9".repeat(80)}…"`);
    expect(JSON.stringify(body).length).toBeLessThan(2_000);
  });

  test("missing fields are called missing, and words are listed", async () => {
    const { status: _, ...open } = ofStore();
    const { body } = await app.push([
      { ...ofStore(), status: "paid" },
      open,
      { ...ofStore(), currency: undefined, openedAt: undefined, version: {}, lines: [{}] },
      { ...ofStore(), orderId: 7, lines: {} },
    ]);
    const [word, missing, more, types] = body.orders;
    expect(word?.reason).toBe('must be one of open, closed, voided, deleted; got "paid"');
    expect(missing).toMatchObject({ field: "status", reason: "is missing" });
    expect([more, ...(more?.faults ?? [])].map((fault) => [fault?.field, fault?.reason])).toEqual([
      ["version.vendorVersion", "is missing"],
      ["openedAt", "is missing"],
      ["currency", "is missing"],
      ["lines[0].key", "is missing"],
      ["lines[0].name", "is missing"],
      ["lines[0].gross", "is missing"],
    ]);
    expect(types).toMatchObject({
      reason: "must be text; got a number",
      faults: [{ field: "lines", reason: "must be a list; got an object" }],
    });
  });
});
