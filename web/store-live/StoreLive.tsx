import { useParams } from "@solidjs/router";
import { createEffect, createSignal, type JSX, Match, Show, Switch } from "solid-js";
import { text } from "../i18n/text.ts";
import { useLiveClient } from "../live/create-live.ts";
import { createStoreLive } from "../live/create-store-live.ts";
import { lastStore } from "../session/preferences.ts";
import { ChartCard } from "./ChartCard.tsx";
import { DrillDown, type DrillTarget } from "./DrillDown.tsx";
import { HourTable } from "./HourTable.tsx";
import { Skeleton } from "./Skeleton.tsx";
import { StoreHeading } from "./StoreHeading.tsx";
import { StoreRail } from "./StoreRail.tsx";
import { Tiles } from "./Tiles.tsx";
import "../styles/store-live.css";
import "../styles/chart.css";

/** One store, live: am I ahead or behind, and how will tonight end? */
export function StoreLive(): JSX.Element {
  const params = useParams<{ storeId: string }>();
  return (
    <div class="store-page">
      <StoreRail storeId={params.storeId} />
      <Show when={params.storeId} keyed>
        {(storeId) => <StoreDay storeId={storeId} />}
      </Show>
    </div>
  );
}

function StoreDay(props: { readonly storeId: string }): JSX.Element {
  // eslint-disable-next-line solid/reactivity -- The page is made anew for each store.
  const live = createStoreLive(useLiveClient(), props.storeId);
  const [drill, setDrill] = createSignal<DrillTarget>();
  createEffect(() => {
    const name = live.picture()?.name;
    if (name === undefined) return;
    document.title = `${name} · ${text("app.name")}`;
    lastStore.save(props.storeId);
  });
  return (
    <Switch fallback={<Skeleton />}>
      <Match when={live.isRefused()}>
        <p class="notice" role="alert">
          {text("store.refused")}
        </p>
      </Match>
      <Match when={live.picture()}>
        {(picture) => (
          <article class="store">
            <StoreHeading picture={picture()} />
            <Tiles picture={picture()} onProve={() => setDrill({})} />
            <ChartCard picture={picture()} />
            <HourTable picture={picture()} onShow={(row) => setDrill(row)} />
            <Show when={drill()} keyed>
              {(target) => (
                <DrillDown
                  target={target}
                  picture={picture()}
                  onClose={() => setDrill(undefined)}
                />
              )}
            </Show>
          </article>
        )}
      </Match>
    </Switch>
  );
}
