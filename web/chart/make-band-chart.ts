import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { compactMoney } from "../format/numbers.ts";
import { tickTime } from "../format/times.ts";
import type { AlignedData, ChartGrain } from "../live/aligned-data.ts";
import { onColorsChanged } from "../session/theme.ts";
import { type ChartMarks, drawMarks } from "./chart-marks.ts";
import { chartColumns, chartSeries, seriesIndex } from "./chart-series.ts";
import { readPalette } from "./palette.ts";

export interface BandChartOptions {
  readonly timeZone: string;
  readonly currency: string;
  readonly grain: ChartGrain;
  readonly hasLastWeek: boolean;
  /** The point under the pointer or the keyboard's cursor, or null. */
  readonly onPoint: (index: number | null) => void;
}

export interface BandChart {
  setData(data: AlignedData, marks: ChartMarks): void;
  showLastWeek(isShown: boolean): void;
  /** Moves the cursor to a point, as the arrow keys do. */
  pointAt(index: number | null): void;
  destroy(): void;
}

/** Room above the highest value, and the height of an empty chart in minor units. */
const HEADROOM = 1.1;
const EMPTY_HEIGHT = 10_000;

/** The amounts' axis is as wide as its longest label: a dinar's takes twice the room of a euro's. */
const AXIS_CHARACTER = 7;
const AXIS_INSET = 16;

/** Draws actual sales against the forecast's band into an element, and follows its size and colours. */
export function makeBandChart(
  element: HTMLElement,
  data: AlignedData,
  firstMarks: ChartMarks,
  options: BandChartOptions,
): BandChart {
  const { timeZone, currency, grain } = options;
  let palette = readPalette(element);
  let marks = firstMarks;
  let known = data;

  const axis = {
    stroke: () => palette.axis,
    grid: { stroke: () => palette.grid, width: 1 },
    ticks: { show: false },
    font: `12px ${getComputedStyle(element).fontFamily}`,
  };
  const chart = new uPlot(
    {
      width: Math.max(1, element.clientWidth),
      height: Math.max(1, element.clientHeight),
      ms: 1,
      tzDate: (ms) => uPlot.tzDate(new Date(ms), timeZone),
      padding: [10, 22, 0, 4],
      legend: { show: false },
      scales: {
        x: { range: (_chart, min, max) => [min, max] },
        y: {
          range: (_chart, min, max) => {
            const top = Math.max(max ?? 0, marks.landing?.p90 ?? 0);
            return [Math.min(0, min ?? 0), top > 0 ? top * HEADROOM : EMPTY_HEIGHT];
          },
        },
      },
      axes: [
        {
          ...axis,
          grid: { show: false },
          size: 32,
          space: 56,
          values: (_chart, instants) => instants.map((instant) => tickTime(instant, timeZone)),
        },
        {
          ...axis,
          size: (_chart, labels) => AXIS_INSET + AXIS_CHARACTER * longest(labels),
          space: 44,
          values: (_chart, amounts) => amounts.map((amount) => compactMoney(amount, currency)),
        },
      ],
      series: chartSeries(grain, () => palette),
      bands: [
        { series: [seriesIndex.p90, seriesIndex.p10], fill: () => palette.band },
        { series: [seriesIndex.fanP90, seriesIndex.fanP10], fill: () => palette.band },
      ],
      cursor: {
        y: false,
        points: { show: false },
        drag: { x: false, y: false },
        dataIdx: (_chart, _series, closest, x) => bucketAt(known, grain, closest, x),
      },
      hooks: {
        draw: [(drawn) => drawMarks(drawn, marks, palette)],
        setCursor: [
          ({ cursor }) => {
            const isOut = cursor.left === undefined || cursor.left < 0;
            options.onPoint(isOut ? null : (cursor.idxs?.[seriesIndex.p10] ?? null));
          },
        ],
      },
    },
    chartColumns(data),
    element,
  );
  chart.setSeries(seriesIndex.lastWeek, { show: options.hasLastWeek });

  const resizes = new ResizeObserver(() => {
    const { clientWidth: width, clientHeight: height } = element;
    if (width > 0 && height > 0 && (width !== chart.width || height !== chart.height)) {
      chart.setSize({ width, height });
    }
  });
  resizes.observe(element);
  const stopColors = onColorsChanged(() => {
    palette = readPalette(element);
    chart.redraw(false, true);
  });

  return {
    setData(next, nextMarks) {
      known = next;
      marks = nextMarks;
      chart.setData(chartColumns(next));
    },
    showLastWeek: (show) => chart.setSeries(seriesIndex.lastWeek, { show }),
    pointAt(index) {
      const bucket = index === null ? undefined : known.buckets[index];
      const x = index === null ? undefined : known.xs[index];
      if (bucket === undefined || x === undefined) {
        return chart.setCursor({ left: -10, top: -10 });
      }
      const middle = grain === "total" ? x : (bucket.start + bucket.end) / 2;
      chart.setCursor({ left: chart.valToPos(middle, "x"), top: 0 });
    },
    destroy() {
      resizes.disconnect();
      stopColors();
      chart.destroy();
    },
  };
}

function longest(labels: readonly string[] | null): number {
  return Math.max(3, ...(labels ?? []).map((label) => label.length));
}

/** A step is pointed at anywhere within its width; a point of a total, where it is nearest. */
function bucketAt(data: AlignedData, grain: ChartGrain, closest: number, x: number): number {
  if (grain === "total") return closest;
  const begun = (data.xs[closest] ?? 0) > x ? closest - 1 : closest;
  return Math.max(0, Math.min(begun, data.xs.length - 2));
}
