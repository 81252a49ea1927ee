import { For, type JSX, Show } from "solid-js";
import { text } from "../i18n/text.ts";
import type { AlignedData } from "../live/aligned-data.ts";
import type { DayPicture } from "../live/day-picture.ts";
import { createChartSearch } from "../store-live/chart-search.ts";
import { readPoint } from "./readout.ts";

/** The chart's numbers as a table, for whoever prefers or needs one. */
export function ChartTable(props: {
  readonly picture: DayPicture;
  readonly data: AlignedData;
  readonly hasLastWeek: boolean;
}): JSX.Element {
  const search = createChartSearch();
  const rows = () => {
    const { timeZone, currency } = props.picture;
    const grain = search.grain();
    const points = grain === "total" ? props.data.buckets : props.data.buckets.slice(0, -1);
    return points.flatMap((_, i) => readPoint(props.data, i, { timeZone, currency, grain }) ?? []);
  };
  return (
    // A scrolling region must be reachable by keyboard.
    <section class="chart-table" tabindex="0" aria-label={text("hours.caption")}>
      <table>
        <caption class="visually-hidden">{text("hours.caption")}</caption>
        <thead>
          <tr>
            <th scope="col">{text("hours.hour")}</th>
            <th scope="col" class="number">
              {text("chart.actual")}
            </th>
            <th scope="col" class="number">
              {text("chart.expected")}
            </th>
            <th scope="col" class="number">
              {text("chart.band")}
            </th>
            <Show when={props.hasLastWeek}>
              <th scope="col" class="number">
                {text("chart.lastWeek")}
              </th>
            </Show>
          </tr>
        </thead>
        <tbody>
          <For each={rows()}>
            {(row) => (
              <tr>
                <th scope="row">{row.when}</th>
                <td class="number">{row.actual ?? "–"}</td>
                <td class="number">{row.expected ?? "–"}</td>
                <td class="number">{row.band ?? "–"}</td>
                <Show when={props.hasLastWeek}>
                  <td class="number">{row.lastWeek ?? "–"}</td>
                </Show>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </section>
  );
}
