import { readFile } from "node:fs/promises";
import { runCommand, type TreeOptions } from "./process-tree.ts";

/** A tenant with one store, an owner who has not signed in yet, and a key that pushes and reads. */
export interface Cafe {
  readonly name: string;
  readonly storeId: string;
  readonly email: string;
  /** Signs the owner in once. */
  readonly link: string;
  readonly key: string;
}

const name = "Corner Café";
const email = "owner@example.com";

/** Makes a café with the commands that an operator uses, beside the running product. */
export async function makeCafe(options: TreeOptions): Promise<Cafe> {
  const answerOf = <Result>(...args: string[]) => runCommand<Result>(args, options);
  const { tenantId } = await answerOf<{ tenantId: string }>("tenant", "create", "--name", "Cafés");
  const ofTenant = ["--tenant", tenantId];
  // The business day began six hours ago, wherever the test runs.
  const closeout = `${String((new Date().getUTCHours() + 18) % 24).padStart(2, "0")}:00`;
  const place = ["--time-zone", "UTC", "--currency", "EUR", "--closeout", closeout];
  const store = ["store", "create", ...ofTenant, "--name", name, ...place];
  const { storeId } = await answerOf<{ storeId: string }>(...store);
  const owner = ["user", "create", ...ofTenant, "--email", email, "--role", "owner"];
  const { linkFile } = await answerOf<{ linkFile: string }>(...owner);
  const link = (await readFile(linkFile, "utf8")).trim();
  const scopes = ["--scopes", "orders:write,sales:read"];
  const { key } = await answerOf<{ key: string }>("key", "create", ...ofTenant, ...scopes);
  return { name, storeId, email, link, key };
}
