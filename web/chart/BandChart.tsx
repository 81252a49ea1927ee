import { createEffect, createSignal, type JSX, on, onCleanup, onMount } from "solid-js";
import { text } from "../i18n/text.ts";
import { standingText } from "../live/sentence.ts";
import { ChartLegend, type ShownChart } from "./ChartLegend.tsx";
import type { ChartMarks } from "./chart-marks.ts";
import { type BandChart as Chart, makeBandChart } from "./make-band-chart.ts";
import { readoutText, readPoint } from "./readout.ts";

/** Arrow keys may be held down; a screen reader is told where they came to rest. */
const SPEAK_DELAY_MS = 350;

/** The chart with its legend, which reads out the point under pointer or keyboard. */
export function BandChart(props: ShownChart): JSX.Element {
  const [point, setPoint] = createSignal<number | null>(null);
  const [spoken, setSpoken] = createSignal("");
  let element: HTMLDivElement | undefined;
  let chart: Chart | undefined;
  let speaking: number | undefined;

  function build(): void {
    chart?.destroy();
    if (element === undefined) return;
    const { timeZone, currency } = props.picture;
    const { grain, hasLastWeek } = props;
    const options = { timeZone, currency, grain, hasLastWeek, onPoint: setPoint };
    chart = makeBandChart(element, props.data, marksOf(props), options);
  }

  /** The point where the data ends, at which reading begins. */
  function present(last: number): number {
    const next = props.data.xs.findIndex((x) => x >= props.picture.dataUntil);
    return next === -1 ? last : Math.min(last, Math.max(0, next - 1));
  }

  function move(event: KeyboardEvent): void {
    const last = props.data.xs.length - (props.grain === "total" ? 1 : 2);
    const at = point();
    const steps: Record<string, number | null> = {
      ArrowLeft: at === null ? present(last) : Math.max(0, at - 1),
      ArrowRight: at === null ? present(last) : Math.min(last, at + 1),
      Home: 0,
      End: last,
      Escape: null,
    };
    const next = steps[event.key];
    if (next === undefined) return;
    event.preventDefault();
    chart?.pointAt(next);
    clearTimeout(speaking);
    speaking = window.setTimeout(() => setSpoken(spokenAt(props, next)), SPEAK_DELAY_MS);
  }

  onMount(() => {
    build();
    createEffect(on(() => props.grain, build, { defer: true }));
    createEffect(
      on(
        () => props.hasLastWeek,
        (show) => chart?.showLastWeek(show),
        { defer: true },
      ),
    );
    createEffect(
      on(
        () => props.data,
        (data) => chart?.setData(data, marksOf(props)),
        { defer: true },
      ),
    );
  });
  onCleanup(() => {
    clearTimeout(speaking);
    chart?.destroy();
  });

  return (
    <div class="chart">
      <ChartLegend {...props} point={point()} />
      <div
        class="chart-canvas"
        ref={element}
        role="img"
        tabindex="0"
        aria-label={text("chart.label", { sentence: standingText(props.picture) })}
        onKeyDown={move}
        onBlur={() => chart?.pointAt(null)}
      />
      <p class="visually-hidden" aria-live="polite">
        {spoken()}
      </p>
    </div>
  );
}

function marksOf({ picture, grain }: ShownChart): ChartMarks {
  const { now, dataUntil, landing } = picture;
  const noDataText = text("chart.noData");
  return { now, dataUntil, noDataText, landing: grain === "total" ? landing : null };
}

function spokenAt({ data, picture, grain }: ShownChart, index: number | null): string {
  const { timeZone, currency } = picture;
  const style = { timeZone, currency, grain };
  const readout = index === null ? undefined : readPoint(data, index, style);
  return readout === undefined ? "" : readoutText(readout);
}
