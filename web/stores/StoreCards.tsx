import { A } from "@solidjs/router";
import { For, type JSX, Show } from "solid-js";
import { clock, zoneName } from "../format/times.ts";
import { standingSentence } from "../live/sentence.ts";
import { noVerdictText } from "../live/too-little-known.ts";
import { DeviationPill } from "../shell/DeviationPill.tsx";
import { FreshnessChip } from "../shell/FreshnessChip.tsx";
import { Sentence } from "../shell/Sentence.tsx";
import { idleText, otherCurrenciesText, type StoreRow } from "./store-rows.ts";

/** The list on a phone: one card per store, the whole card leads to it. */
export function StoreCards(props: {
  readonly ids: readonly string[];
  readonly rows: readonly StoreRow[];
}): JSX.Element {
  return (
    <ul class="store-cards">
      <For each={props.ids}>
        {(storeId) => (
          <Show when={props.rows.find((row) => row.storeId === storeId)}>
            {(row) => (
              <li class="card store-card">
                <div class="store-card-head">
                  <A class="store-link" href={`/stores/${storeId}`}>
                    <bdi>{row().name}</bdi>
                  </A>
                  <DeviationPill deviation={row().deviation} none={noVerdictText(row())} />
                </div>
                <p class="store-card-says">
                  <Show
                    when={idleText(row())}
                    fallback={<Sentence parts={standingSentence(row())} />}
                  >
                    {(words) => words()}
                  </Show>
                </p>
                <Show when={otherCurrenciesText(row())}>
                  {(words) => <p class="muted">{words()}</p>}
                </Show>
                <div class="store-card-foot">
                  <span class="muted">
                    {clock(row().now, row().timeZone)} {zoneName(row().now, row().timeZone)}
                  </span>
                  <FreshnessChip facts={row()} />
                </div>
              </li>
            )}
          </Show>
        )}
      </For>
    </ul>
  );
}
