import { useSearchParams } from "@solidjs/router";
import { createEffect, createMemo, For, type JSX, Match, Show, Switch } from "solid-js";
import { count, wholeMoney } from "../format/numbers.ts";
import { text } from "../i18n/text.ts";
import { useLiveClient } from "../live/create-live.ts";
import { createMedia } from "../shell/create-media.ts";
import { Loading } from "../shell/Loading.tsx";
import { ProblemNote } from "../shell/ProblemNote.tsx";
import { createOverview } from "./create-overview.ts";
import { createStoreOrder } from "./create-store-order.ts";
import { StoreCards } from "./StoreCards.tsx";
import { StoreTable } from "./StoreTable.tsx";
import { sortKeys } from "./store-order.ts";
import { storeRows, totalsByCurrency } from "./store-rows.ts";
import "../styles/stores.css";

/** All stores: which one needs me now? */
export function Stores(): JSX.Element {
  const overview = createOverview(useLiveClient());
  const [search, setSearch] = useSearchParams<{ sort: string }>();
  const isWide = createMedia("(min-width: 1100px)");
  const key = () => sortKeys.find((known) => known === search.sort) ?? "deviation";
  const rows = createMemo(() => storeRows(overview.data(), overview.cut()));
  const order = createStoreOrder(rows, key);
  createEffect(() => {
    document.title = `${text("stores.title")} · ${text("app.name")}`;
  });
  return (
    <div class="stores">
      <div class="stores-head">
        <h1>{text("stores.title")}</h1>
        <fieldset class="segments">
          <legend class="visually-hidden">{text("stores.sortBy")}</legend>
          <For each={sortKeys}>
            {(choice) => (
              <label class="segment">
                <input
                  type="radio"
                  name="sort"
                  checked={key() === choice}
                  onChange={() => setSearch({ sort: choice === "deviation" ? undefined : choice })}
                />
                <span>{text(`stores.sort.${choice}`)}</span>
              </label>
            )}
          </For>
        </fieldset>
        <Show when={order.moves() > 0}>
          <button class="toggle" type="button" onClick={() => order.sortAgain()}>
            {text("stores.reorder", { count: count(order.moves()) })}
          </button>
        </Show>
      </div>
      <Switch fallback={<Loading />}>
        <Match when={overview.error() !== undefined && overview.data() === undefined}>
          <ProblemNote error={overview.error() as Error} retry={() => void overview.reload()} />
        </Match>
        <Match when={overview.data()?.stores.length === 0}>
          <p class="notice">{text("stores.empty")}</p>
        </Match>
        <Match when={overview.data()}>
          <Show when={isWide()} fallback={<StoreCards ids={order.ids()} rows={rows()} />}>
            <StoreTable ids={order.ids()} rows={rows()} />
          </Show>
          <ul class="totals" aria-label={text("stores.totals")}>
            <For each={totalsByCurrency(rows())}>
              {(total) => (
                <li>
                  <span class="muted">{totalLabel(total.currency, total.stores)}</span>
                  <strong>{wholeMoney(total.net, total.currency)}</strong>
                </li>
              )}
            </For>
          </ul>
        </Match>
      </Switch>
    </div>
  );
}

function totalLabel(currency: string, stores: number): string {
  if (stores === 1) return text("stores.totalOne", { currency });
  return text("stores.totalOf", { currency, count: count(stores) });
}
