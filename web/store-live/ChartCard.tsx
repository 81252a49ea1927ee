import { createMemo, For, type JSX, Show } from "solid-js";
import { BandChart } from "../chart/BandChart.tsx";
import { ChartTable } from "../chart/ChartTable.tsx";
import { text } from "../i18n/text.ts";
import { alignedData } from "../live/aligned-data.ts";
import type { DayPicture } from "../live/day-picture.ts";
import { createShortcuts } from "../shell/create-shortcuts.ts";
import { chartGrains, createChartSearch } from "./chart-search.ts";

/** The day's curve against the forecast, as a chart or as a table. */
export function ChartCard(props: { readonly picture: DayPicture }): JSX.Element {
  const search = createChartSearch();
  const data = createMemo(() => alignedData(props.picture, search.grain()));
  createShortcuts({
    t: search.toggleTable,
    x: search.toggleLastWeek,
    "1": () => search.setGrain("15m"),
    "2": () => search.setGrain("hour"),
    "3": () => search.setGrain("total"),
  });
  return (
    <section class="card chart-card" aria-labelledby="chart-title">
      <div class="chart-bar">
        <h2 id="chart-title">
          {text(props.picture.phase === "past" ? "chart.titleDay" : "chart.title")}
        </h2>
        <fieldset class="segments">
          <legend class="visually-hidden">{text("chart.grain")}</legend>
          <For each={chartGrains}>
            {(grain) => (
              <label class="segment">
                <input
                  type="radio"
                  name="grain"
                  checked={search.grain() === grain}
                  onChange={() => search.setGrain(grain)}
                />
                <span>{text(`chart.${grain}`)}</span>
              </label>
            )}
          </For>
        </fieldset>
        <div class="chart-toggles">
          <button
            class="toggle"
            type="button"
            aria-pressed={search.hasLastWeek()}
            disabled={props.picture.lastWeek.size === 0}
            onClick={() => search.toggleLastWeek()}
          >
            {text("chart.lastWeek")}
          </button>
          <button
            class="toggle"
            type="button"
            aria-pressed={search.isTable()}
            onClick={() => search.toggleTable()}
          >
            {text("chart.table")}
          </button>
        </div>
      </div>
      <Show
        when={search.isTable()}
        fallback={
          <BandChart
            picture={props.picture}
            data={data()}
            grain={search.grain()}
            hasLastWeek={search.hasLastWeek()}
          />
        }
      >
        <ChartTable
          picture={props.picture}
          data={data()}
          grain={search.grain()}
          hasLastWeek={search.hasLastWeek()}
        />
      </Show>
    </section>
  );
}
