import { execFileSync } from "node:child_process";
import type { RunAs } from "../support/product.ts";

/** Someone who starts the product; `undefined` runs as whoever runs the test. */
export interface Person {
  readonly name: string;
  readonly runAs: RunAs | undefined;
  /** Takes the account away again. */
  leave(): void;
}

const isRoot = process.getuid?.() === 0;

/** Root and a new user when we are root, else only ourselves. */
export const people: readonly (() => Person)[] = isRoot
  ? [() => ourselves("root"), newUser]
  : [() => ourselves("an ordinary user")];

function ourselves(name: string): Person {
  return { name, runAs: undefined, leave: () => {} };
}

function newUser(): Person {
  const account = `tillcast-${process.pid}`;
  execFileSync("useradd", ["--create-home", "--shell", "/bin/bash", account]);
  const [, , uid, gid, , home] = execFileSync("getent", ["passwd", account], { encoding: "utf8" })
    .trim()
    .split(":");
  return {
    name: "a new user",
    runAs: { uid: Number(uid), gid: Number(gid), home: home ?? "/tmp" },
    leave: () => execFileSync("userdel", ["--force", "--remove", account], { stdio: "ignore" }),
  };
}
