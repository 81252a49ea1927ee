import { Writable } from "node:stream";
import { expect, test } from "vitest";
import { makeLogger } from "./logging.ts";

test("a line is one JSON object, with secrets struck out", () => {
  const lines: string[] = [];
  const destination = new Writable({
    write(chunk, _, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const log = makeLogger({ level: "info", name: "ingest", destination });
  log.debug("not shown");
  log.info({ storeId: "s1", password: "hunter2", user: { token: "abc" } }, "signed in");
  expect(lines).toHaveLength(1);
  const line = JSON.parse(lines[0] ?? "");
  expect(line).toMatchObject({
    name: "ingest",
    storeId: "s1",
    msg: "signed in",
    password: "[redacted]",
  });
  expect(line.user.token).toBe("[redacted]");
});
