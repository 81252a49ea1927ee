import { useParams } from "@solidjs/router";
import {
  createEffect,
  createSignal,
  type JSX,
  lazy,
  Match,
  on,
  onMount,
  Show,
  Suspense,
  Switch,
} from "solid-js";
import { shortDate } from "../format/times.ts";
import { text } from "../i18n/text.ts";
import { useLiveClient } from "../live/create-live.ts";
import { createStoreLive } from "../live/create-store-live.ts";
import type { DayPicture } from "../live/day-picture.ts";
import { emptyDay } from "../live/empty-day.ts";
import { lastStore } from "../session/preferences.ts";
import { createMedia } from "../shell/create-media.ts";
import { loadCode } from "../shell/lost-code.ts";
import { whenIdle } from "../shell/when-idle.ts";
import { ChartCard } from "./ChartCard.tsx";
import type { DrillTarget } from "./DrillDown.tsx";
import { createDaySearch } from "./day-search.ts";
import { EmptyDayNote } from "./EmptyDayNote.tsx";
import { HourTable } from "./HourTable.tsx";
import { NextHours } from "./NextHours.tsx";
import { Skeleton } from "./Skeleton.tsx";
import { StoreHeading } from "./StoreHeading.tsx";
import { StoreRail } from "./StoreRail.tsx";
import { MoreTiles, Tiles } from "./Tiles.tsx";
import "../styles/store-live.css";
import "../styles/chart.css";

/** What stands behind a figure is looked at now and then; its code comes once the page is there. */
const DrillDown = lazy(async () => {
  const code = await loadCode(() => import("./DrillDown.tsx"));
  return { default: code.DrillDown };
});

/** One store, live: am I ahead or behind, and how will tonight end? Of a day of the past: how did it go? */
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
  const search = createDaySearch();
  // eslint-disable-next-line solid/reactivity -- The page is made anew for each store.
  const live = createStoreLive(useLiveClient(), props.storeId, search.date);
  const isPhone = createMedia("(max-width: 639px)");
  onMount(() => whenIdle(() => void DrillDown.preload()));
  const [drill, setDrill] = createSignal<DrillTarget>();
  createEffect(() => {
    const picture = live.picture();
    if (picture === undefined) return;
    const { name, phase, businessDate } = picture;
    const day = phase === "past" ? `${shortDate(businessDate)} · ` : "";
    document.title = `${name} · ${day}${text("app.name")}`;
    lastStore.save(props.storeId);
  });
  createEffect(on(search.date, () => setDrill(undefined), { defer: true }));
  /** Whether what is shown is still another day than the one asked for. */
  const isTurning = ({ businessDate, today }: DayPicture) =>
    businessDate !== (search.date() ?? today);
  return (
    <Switch fallback={<Skeleton />}>
      <Match when={live.isRefused()}>
        <p class="notice" role="alert">
          {text("store.refused")}
        </p>
      </Match>
      <Match when={live.isNoSuchDay()}>
        <div class="notice" role="alert">
          <p class="notice-title">{text("day.refused")}</p>
          <button class="button" type="button" onClick={() => search.showToday()}>
            {text("day.today")}
          </button>
        </div>
      </Match>
      <Match when={live.picture()}>
        {(picture) => (
          <article
            class="store"
            classList={{ "is-cut": picture().cut !== null }}
            aria-busy={isTurning(picture())}
          >
            <StoreHeading picture={picture()} />
            <Tiles picture={picture()} hasMore={!isPhone()} onProve={() => setDrill({})} />
            <Show
              when={emptyDay(picture())}
              fallback={
                <>
                  <ChartCard picture={picture()} />
                  <Show when={isPhone()}>
                    <NextHours picture={picture()} />
                  </Show>
                  <HourTable picture={picture()} onShow={(row) => setDrill(row)} />
                </>
              }
            >
              {(why) => <EmptyDayNote why={why()} picture={picture()} />}
            </Show>
            <Show when={isPhone()}>
              <div class="tiles tiles-more">
                <MoreTiles picture={picture()} />
              </div>
            </Show>
            <Suspense>
              <Show when={drill()} keyed>
                {(target) => (
                  <DrillDown
                    target={target}
                    picture={picture()}
                    onClose={() => setDrill(undefined)}
                  />
                )}
              </Show>
            </Suspense>
          </article>
        )}
      </Match>
    </Switch>
  );
}
