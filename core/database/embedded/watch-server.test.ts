import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { silentLogger as log } from "../../logging.ts";
import { watchServer } from "./watch-server.ts";

/** No server lives here, so that every look finds it fallen. */
const cluster = "/nonexistent/cluster";

test("a server that cannot be started is tried again for as long as the process runs", async () => {
  let tries = 0;
  const watch = watchServer({
    ...{ cluster, log },
    pausesMs: [1],
    restart: async () => {
      tries += 1;
      throw new Error("No space left on device");
    },
  });
  while (tries < 20) await pause(5);
  await watch.stop();
  const atStop = tries;
  await pause(20);
  expect(tries).toBe(atStop);
});

test("a server that falls after every good start is started each time", async () => {
  let starts = 0;
  const watch = watchServer({
    ...{ cluster, log },
    restart: async () => {
      starts += 1;
    },
  });
  while (starts < 3) await pause(20);
  await watch.stop();
  expect(starts).toBeGreaterThanOrEqual(3);
});
