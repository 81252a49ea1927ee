import { describe, expect, test } from "vitest";
import { inboxOrderCodec } from "../orders/inbox-order.ts";
import { isTextKept } from "./kept-text.ts";

/** An order whose id is written with `@` where other bytes are put afterwards. */
const order = {
  orderId: `caf@${"x".repeat(100)}`,
  status: "closed",
  version: { vendorVersion: "1" },
  openedAt: "2026-11-21T19:30:00Z",
  currency: "EUR",
  lines: [{ key: "1", name: "caf\uFFFD", gross: "100" }],
};
const bytesWith = (id: Buffer, value: object = order) => {
  const bytes = inboxOrderCodec.encode(value);
  id.copy(bytes, bytes.indexOf("@"));
  return bytes;
};
const isKept = (bytes: Buffer) => isTextKept(inboxOrderCodec.decode(bytes), bytes);

describe("text in Avro bytes", () => {
  test("is kept where it is UTF-8, also where the sender wrote U+FFFD itself", () => {
    expect(isKept(bytesWith(Buffer.from("e")))).toBe(true);
    const own = { ...order, orderId: "a\uFFFDb@" };
    expect(isKept(bytesWith(Buffer.from("e"), own))).toBe(true);
  });

  test("is lost where a byte of it begins no character", () => {
    expect(isKept(bytesWith(Buffer.from("é", "latin1")))).toBe(false);
  });

  test("is lost too where another text says honestly what it became", () => {
    const same = { ...order, orderId: "caf@" };
    expect(isKept(bytesWith(Buffer.from("é", "latin1"), same))).toBe(false);
    expect(isKept(bytesWith(Buffer.from("e"), same))).toBe(true);
  });
});
