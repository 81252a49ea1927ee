import type { OrderSnapshot } from "@tillcast/schemas";
import { FOLD_REVISION, type Posted } from "./posted.ts";
import { postingsOf } from "./postings.ts";

/** The arithmetic from an order to what it posts, with the number by which heads remember it. */
export interface Fold {
  readonly revision: number;
  readonly postingsOf: (order: OrderSnapshot) => Posted;
}

/** The fold of this version. */
export const currentFold: Fold = { revision: FOLD_REVISION, postingsOf };
