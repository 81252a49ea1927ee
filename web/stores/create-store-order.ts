import { createEffect, createMemo, createSignal, on, untrack } from "solid-js";
import { keepOrder, movesBetween, type SortKey, wantedOrder } from "./store-order.ts";
import type { StoreRow } from "./store-rows.ts";

/** The order on the screen, and how far it is from the one it should be. */
export interface StoreOrder {
  readonly ids: () => readonly string[];
  readonly moves: () => number;
  sortAgain(): void;
}

/** Sorts when the list is opened, when another key is chosen, and when the reader asks. */
export function createStoreOrder(rows: () => readonly StoreRow[], key: () => SortKey): StoreOrder {
  const [ids, setIds] = createSignal<readonly string[]>([]);
  const wanted = createMemo(() => wantedOrder(rows(), key()));
  const sortAgain = () => setIds(untrack(wanted));
  createEffect(on(key, sortAgain));
  createEffect(
    on(wanted, (order) => {
      const shown = untrack(ids);
      setIds(shown.length === 0 ? order : keepOrder(shown, order));
    }),
  );
  return { ids, moves: () => movesBetween(ids(), wanted()), sortAgain };
}
