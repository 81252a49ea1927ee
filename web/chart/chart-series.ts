import uPlot from "uplot";
import type { AlignedData, ChartGrain } from "../live/aligned-data.ts";
import type { Palette } from "./palette.ts";

/** Where each column stands in the chart; later ones are drawn on top. */
export const seriesIndex = {
  p10: 1,
  p90: 2,
  lastWeek: 3,
  running: 4,
  actual: 5,
  expected: 6,
  fanP10: 7,
  fanP90: 8,
  fan: 9,
} as const;

/** The columns in the chart's order. */
export function chartColumns(data: AlignedData): uPlot.AlignedData {
  const { xs, p10, p90, lastWeek, expected, running, actual, fan, fanP10, fanP90 } = data;
  return [xs, p10, p90, lastWeek, running, actual, expected, fanP10, fanP90, fan];
}

/** Space between bars, in CSS pixels. */
const BAR_GAP = 3;
const BAR_RADIUS = { "15m": 0.16, hour: 0.05, total: 0 } as const;

/**
 * Sales per step are bars before a stepped band, since each stands for a stretch of time; a running total
 * is a line. Colours are functions, so that a change of theme is a redraw.
 */
export function chartSeries(grain: ChartGrain, palette: () => Palette): uPlot.Series[] {
  const isTotal = grain === "total";
  const stepped = isTotal ? undefined : uPlot.paths.stepped?.({ align: 1 });
  const bars = uPlot.paths.bars?.({ size: [1], align: 1, gap: BAR_GAP, radius: BAR_RADIUS[grain] });
  const line = (stroke: () => string, width: number, dash?: number[]): uPlot.Series => ({
    stroke,
    width,
    points: { show: false },
    ...(dash === undefined ? {} : { dash }),
    ...(stepped === undefined ? {} : { paths: stepped }),
  });
  const bar = (fill: () => string): uPlot.Series => ({
    fill,
    stroke: fill,
    width: 0,
    points: { show: false },
    ...(bars === undefined ? {} : { paths: bars }),
  });
  const total: uPlot.Series = {
    ...line(() => palette().actual, 2.5),
    fill: () => palette().actualFill,
  };
  return [
    {},
    line(() => palette().bandEdge, 1),
    line(() => palette().bandEdge, 1),
    line(() => palette().lastWeek, 1.5, [2, 3]),
    bar(() => palette().running),
    isTotal ? total : bar(() => palette().actual),
    line(() => palette().expected, 2, [7, 5]),
    line(() => palette().bandEdge, 1),
    line(() => palette().bandEdge, 1),
    line(() => palette().expected, 2, [7, 5]),
  ];
}
