import { A } from "@solidjs/router";
import { createMemo, For, type JSX, onCleanup, Show } from "solid-js";
import { api } from "../api/api.ts";
import { wholeMoney } from "../format/numbers.ts";
import { text } from "../i18n/text.ts";
import { useLiveClient } from "../live/create-live.ts";
import { freshnessWords } from "../live/freshness-words.ts";
import { isCurrent } from "../live/sentence.ts";
import { noVerdictText } from "../live/too-little-known.ts";
import { createMedia } from "../shell/create-media.ts";
import { createQuery } from "../shell/create-query.ts";
import { DeviationPill } from "../shell/DeviationPill.tsx";
import { createAnswerCut } from "../stores/create-answer-cut.ts";
import { wantedOrder } from "../stores/store-order.ts";
import { idleText, type StoreRow, storeRows } from "../stores/store-rows.ts";

/** The other stores are glanced at, not watched: reading them now and then keeps the open one quick. */
const REFRESH_MS = 20_000;

/** The stores beside the open one, where the screen is wide enough and there is more than one. */
export function StoreRail(props: { readonly storeId: string }): JSX.Element {
  const isWide = createMedia("(min-width: 1200px)");
  return (
    <Show when={isWide()}>
      <Rail storeId={props.storeId} />
    </Show>
  );
}

function Rail(props: { readonly storeId: string }): JSX.Element {
  const overview = createQuery(api.overview);
  const timer = setInterval(() => {
    if (!document.hidden) void overview.reload();
  }, REFRESH_MS);
  onCleanup(() => clearInterval(timer));
  const cut = createAnswerCut(useLiveClient(), overview.data);
  const rows = createMemo(() => storeRows(overview.data(), cut()));
  return (
    <Show when={rows().length > 1}>
      <nav class="rail" aria-label={text("stores.title")}>
        <span class="rail-day muted">{text("chart.title")}</span>
        <For each={wantedOrder(rows(), "name")}>
          {(storeId) => (
            <Show when={rows().find((row) => row.storeId === storeId)}>
              {(row) => (
                <A
                  class="rail-store"
                  ref={(link) => storeId === props.storeId && bringIntoView(link)}
                  href={`/stores/${storeId}`}
                  aria-current={storeId === props.storeId ? "page" : undefined}
                >
                  <span class="rail-name" dir="auto" title={row().name}>
                    {row().name}
                  </span>
                  <span class="rail-net">{wholeMoney(row().net, row().currency)}</span>
                  <span class="rail-note">
                    <Show
                      when={row().cut === null && row().deviation}
                      fallback={<span class="muted">{why(row())}</span>}
                    >
                      {(deviation) => <DeviationPill deviation={deviation()} />}
                    </Show>
                  </span>
                </A>
              )}
            </Show>
          )}
        </For>
      </nav>
    </Show>
  );
}

/** Once it is drawn; without moving the page itself. */
function bringIntoView(link: HTMLElement): void {
  requestAnimationFrame(() => {
    const rail = link.closest<HTMLElement>(".rail");
    if (rail !== null) rail.scrollTop = link.offsetTop - rail.clientHeight / 2;
  });
}

/** Why a store's sales are not compared with what was expected. */
function why(row: StoreRow): string {
  const idle = idleText(row);
  if (idle !== undefined) return idle;
  if (row.cut === null && row.phase === "beforeOpening") return text("sentence.notOpen");
  return isCurrent(row) ? noVerdictText(row) : freshnessWords(row).word;
}
