import {
  byteaArray,
  runStatement,
  type Statement,
  type Transaction,
} from "@tillcast/core/database";
import { type OrderSnapshot, orderKeyOf } from "@tillcast/schemas";
import type { HeadPicture } from "./read-head.ts";

/** Old names of renamed orders, with the key of the order that each leads to, both in hexadecimal. */
export type LeftNames = ReadonlyMap<string, string>;

interface LeftRow {
  readonly order_key: Buffer;
  readonly moved_to: Buffer;
}

const selectLeft: Statement = {
  name: "verify-select-left-names",
  text: `
    select order_key, moved_to from order_head
    where order_key = any($1::bytea[]) and moved_to is not null`,
};

/** Loads where the names of some heads' snapshots lead, if not to the head itself. */
export async function loadLeftNames(
  tx: Transaction,
  pictures: readonly HeadPicture[],
): Promise<LeftNames> {
  const left = new Map<string, string>();
  let wanted = pictures.flatMap(({ head, snapshot }) => {
    if (!("value" in snapshot)) return [];
    const own = orderKeyOf(snapshot.value);
    return own.equals(head.order_key) ? [] : [own];
  });
  while (wanted.length > 0) {
    const { rows } = await runStatement<LeftRow & Record<string, unknown>>(tx, selectLeft, [
      byteaArray(wanted),
    ]);
    wanted = [];
    for (const { order_key: from, moved_to: to } of rows) {
      if (left.has(from.toString("hex"))) continue;
      left.set(from.toString("hex"), to.toString("hex"));
      wanted.push(to);
    }
  }
  return left;
}

/**
 * The key that a snapshot may have, in hexadecimal: `key` if its own name is `key`, leads there, or could not be
 * taken; else its own name.
 */
export function keyOfName(snapshot: OrderSnapshot, key: string, left: LeftNames): string {
  const own = orderKeyOf(snapshot).toString("hex");
  if (snapshot.formerKey === key) return key;
  const seen = new Set<string>();
  for (let name: string | undefined = own; name !== undefined && !seen.has(name); ) {
    if (name === key) return key;
    seen.add(name);
    name = left.get(name);
  }
  return own;
}
