import { For, type JSX, Show } from "solid-js";
import { text } from "../i18n/text.ts";
import type { AlignedData, ChartGrain } from "../live/aligned-data.ts";
import type { DayPicture } from "../live/day-picture.ts";
import { type Readout, readPoint } from "./readout.ts";

/** What a chart shows, and how. */
export interface ShownChart {
  readonly picture: DayPicture;
  readonly data: AlignedData;
  readonly grain: ChartGrain;
  readonly hasLastWeek: boolean;
}

const entries = [
  { name: "actual", label: "chart.actual" },
  { name: "expected", label: "chart.expected" },
  { name: "band", label: "chart.band" },
  { name: "lastWeek", label: "chart.lastWeek" },
] as const satisfies readonly { name: keyof Readout; label: string }[];

/** What the lines mean, and what they say at the cursor; its height does not change with either. */
export function ChartLegend(props: ShownChart & { readonly point: number | null }): JSX.Element {
  const readout = () => {
    const { timeZone, currency } = props.picture;
    if (props.point === null) return undefined;
    return readPoint(props.data, props.point, { timeZone, currency, grain: props.grain });
  };
  const shown = () =>
    entries.filter(({ name }) => {
      if (name === "lastWeek") return props.hasLastWeek;
      return name === "actual" || props.picture.steps.length > 0;
    });
  return (
    <div class="legend" aria-hidden="true">
      <For each={shown()}>
        {(entry) => (
          <span class="legend-entry" data-series={entry.name}>
            <span class="legend-swatch" />
            {text(entry.label)}
            <strong class="legend-value">{readout()?.[entry.name] ?? ""}</strong>
          </span>
        )}
      </For>
      <Show when={readout()}>{(read) => <span class="legend-when">{read().when}</span>}</Show>
    </div>
  );
}
