import { expect, test } from "vitest";
import { trustProxyText } from "./trust-proxy.ts";

test.each([
  ["off", false],
  ["1", 1],
  ["10.0.0.0/8, fd00::/8", "10.0.0.0/8,fd00::/8"],
  ["127.0.0.1", "127.0.0.1"],
  ["loopback,uniquelocal", "loopback,uniquelocal"],
])("%s is read", (text, expected) => {
  expect(trustProxyText.parse(text)).toEqual(expected);
});

test.each([
  "on",
  "all",
  "true",
  "*",
  "0",
  "99",
  "0.0.0.0/0",
  "::/0",
  "10.0.0.0/33",
  "proxy",
  "1,2",
])("%s is refused, with what to say instead", (text) => {
  expect(trustProxyText.safeParse(text).error?.issues[0]?.message).toContain(
    "say how many proxies stand in front",
  );
});
