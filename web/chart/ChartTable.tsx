import { For, type JSX, Show } from "solid-js";
import { text } from "../i18n/text.ts";
import { NumberHead } from "../shell/NumberHead.tsx";
import type { ShownChart } from "./ChartLegend.tsx";
import { readPoint } from "./readout.ts";

/** The chart's numbers as a table, for whoever prefers or needs one. */
export function ChartTable(props: ShownChart): JSX.Element {
  const rows = () => {
    const { timeZone, currency } = props.picture;
    const { grain, data } = props;
    const points = grain === "total" ? data.buckets : data.buckets.slice(0, -1);
    return points.flatMap((_, i) => readPoint(data, i, { timeZone, currency, grain }) ?? []);
  };
  return (
    // A scrolling region must be reachable by keyboard.
    <section class="chart-table" tabindex="0" aria-label={text("hours.caption")}>
      <table>
        <caption class="visually-hidden">{text("hours.caption")}</caption>
        <thead>
          <tr>
            <th scope="col">{text("hours.hour")}</th>
            <NumberHead>{text("chart.actual")}</NumberHead>
            <NumberHead>{text("chart.expected")}</NumberHead>
            <NumberHead>{text("chart.band")}</NumberHead>
            <Show when={props.hasLastWeek}>
              <NumberHead>{text("chart.lastWeek")}</NumberHead>
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
