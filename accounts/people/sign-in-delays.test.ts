import { expect, test } from "vitest";
import { delayAfter, networkOf } from "./sign-in-delays.ts";

test("failures cost nothing at first, then twice as much each, up to a most", () => {
  const delays = [1, 5, 6, 7, 8, 16, 100].map((failures) => delayAfter(failures, 5, 900_000));
  expect(delays).toEqual([0, 0, 1_000, 2_000, 4_000, 900_000, 900_000]);
});

test("addresses of one IPv6 network are one, however they are written", () => {
  for (const address of ["2001:db8:1:2::1", "2001:DB8:1:2:ffff::", "2001:0db8:0001:0002:3:4:5:6"]) {
    expect(networkOf(address)).toBe("2001:db8:1:2::/64");
  }
  expect(networkOf("2001:db8::1")).toBe("2001:db8:0:0::/64");
  expect(networkOf("::1")).toBe("0:0:0:0::/64");
  expect(networkOf("fe80::1%eth0")).toBe("fe80:0:0:0::/64");
  expect(networkOf("192.0.2.7")).toBe("192.0.2.7");
  expect(networkOf("::ffff:192.0.2.7")).toBe("192.0.2.7");
});
