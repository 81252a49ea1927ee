import { describe, expect, test } from "vitest";
import { isOwnOrigin } from "./own-origin.ts";

const none = new Set<string>();

describe("our own pages", () => {
  test.each([
    ["http://localhost:8080", "localhost:8080"],
    ["https://sales.example.com", "sales.example.com"],
    ["https://sales.example.com", "sales.example.com:443"],
    ["http://Localhost:8080", "LOCALHOST:8080"],
  ])("%s sends to %s", (origin, host) => {
    expect(isOwnOrigin({ origin, host }, none)).toBe(true);
  });

  test.each([
    ["http://localhost:8081", "localhost:8080"],
    ["https://sales.example.com.evil.example", "sales.example.com"],
    ["https://evil.example/sales.example.com", "sales.example.com"],
    ["null", "sales.example.com"],
    [undefined, "sales.example.com"],
    ["https://sales.example.com", undefined],
  ])("%s does not send to %s", (origin, host) => {
    expect(isOwnOrigin({ origin, host }, none)).toBe(false);
  });

  test("an address that was set is ours, whatever a proxy calls the host", () => {
    const origins = new Set(["https://sales.example.com"]);
    expect(isOwnOrigin({ origin: "https://sales.example.com", host: "10.0.0.5" }, origins)).toBe(
      true,
    );
    expect(isOwnOrigin({ origin: "http://sales.example.com", host: "10.0.0.5" }, origins)).toBe(
      false,
    );
  });
});
