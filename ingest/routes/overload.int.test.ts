import { PUSH_MAX_COUNT } from "@tillcast/schemas";
import { afterAll, expect, test } from "vitest";
import { type IngestHarness, startIngestHarness } from "../testing/ingest-harness.ts";
import { anOrder } from "../testing/order-builders.ts";

let app: IngestHarness | undefined;
afterAll(() => app?.close());

test("a key past its allowance is told when to come again, and a closed database takes nothing", async () => {
  app = await startIngestHarness({ INGEST_KEY_ORDERS_PER_SECOND: "2" });
  const { storeId } = app.tenant;
  const orders = Array.from({ length: PUSH_MAX_COUNT }, (_, at) =>
    anOrder({ orderId: `${at}`, storeId }),
  );
  expect((await app.push(orders)).status).toBe(200);
  const refused = await app.push(orders.slice(0, 3));
  expect(refused.status).toBe(429);
  expect(Number(refused.headers["retry-after"])).toBeGreaterThanOrEqual(1);
  await new Promise((resolve) => setTimeout(resolve, 1_600));
  await app.database.close();
  const closed = await app.push(anOrder({ orderId: "new", storeId }));
  expect(closed.status).toBe(503);
  expect(closed.headers["retry-after"]).toBe("2");
  expect(closed.body).toMatchObject({ code: "databaseUnavailable" });
});
