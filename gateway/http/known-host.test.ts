import { expect, test } from "vitest";
import { isKnownHost } from "./known-host.ts";

const origins = new Set(["https://sales.example.com"]);

test.each([
  "localhost:8080",
  "Localhost",
  "shop.localhost:8080",
  "127.0.0.1:8080",
  "[::1]:8080",
  "192.168.1.20",
  "sales.example.com",
  "SALES.example.com:443",
])("%s is a name of this server", (host) => {
  expect(isKnownHost(host, origins)).toBe(true);
});

test.each([
  "evil.example:8080",
  "sales.example.com.evil.example",
  "localhost.evil.example",
  "a b",
  "",
])("%s is none", (host) => {
  expect(isKnownHost(host, origins)).toBe(false);
});
