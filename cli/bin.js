#!/usr/bin/env node
// Services are TypeScript that Node 24 runs as it is. Under an older Node this file starts the Node that
// the project pins, hands it the terminal and the signals, and ends as it ends.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";

const main = new URL("./main.ts", import.meta.url);

/** How often npx's shell is looked for. */
const parentWatchMs = 500;

// npx runs this in a shell that a signal ends without being passed on.
if (process.env.npm_lifecycle_event === "npx") {
  const shell = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(watch);
    process.kill(process.pid, "SIGTERM");
  }, parentWatchMs);
  watch.unref();
}

if (Number(process.versions.node.split(".")[0]) >= 24) {
  await import(main.href);
} else {
  const child = spawn(pinnedNode(), [fileURLToPath(main), ...process.argv.slice(2)], {
    stdio: "inherit",
  });
  // A terminal's Ctrl-C reaches the child by itself too; it takes the second one for the first.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
    process.on(signal, () => child.kill(signal));
  child.on("error", fail);
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0);
  });
}

function pinnedNode() {
  try {
    return createRequire(import.meta.url).resolve("node/bin/node");
  } catch (error) {
    return fail(error);
  }
}

function fail(error) {
  process.stderr.write(
    `Tillcast needs Node 24, which npm ci installs with it; this is Node ${process.versions.node}, and the other does not start: ${error.message}\n`,
  );
  process.exit(1);
}
