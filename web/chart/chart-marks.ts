import type uPlot from "uplot";
import type { Palette } from "./palette.ts";

/** Moments and ranges drawn into the chart besides its series. */
export interface ChartMarks {
  readonly now: number;
  /** Where actuals end; before `now` when a feed is late. */
  readonly dataUntil: number;
  /** Where the day likely ends, drawn at the right edge of a running total. */
  readonly landing: { readonly p10: number; readonly p50: number; readonly p90: number } | null;
  readonly noDataText: string;
}

/** Silence shorter than this is the ordinary way of things. */
const SILENCE_MS = 60_000;
const HATCH_GAP = 7;
const WHISKER = 5;

/** Draws the present moment, the stretch for which there is no data, and the landing. */
export function drawMarks(chart: uPlot, marks: ChartMarks, palette: Palette): void {
  const { ctx } = chart;
  ctx.save();
  ctx.beginPath();
  ctx.rect(chart.bbox.left, chart.bbox.top, chart.bbox.width, chart.bbox.height);
  ctx.clip();
  if (marks.now - marks.dataUntil > SILENCE_MS) drawSilence(chart, marks, palette);
  drawNow(chart, marks.now, palette);
  if (marks.landing !== null) drawLanding(chart, marks.landing, palette);
  ctx.restore();
}

function drawNow(chart: uPlot, now: number, palette: Palette): void {
  const { max } = chart.scales.x ?? {};
  if (max == null || now >= max) return;
  const { ctx, bbox } = chart;
  const x = Math.round(chart.valToPos(now, "x", true));
  ctx.strokeStyle = palette.now;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([]);
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
}

/** Hatches the time since the data ended: it is not zero, it is not known. */
function drawSilence(chart: uPlot, marks: ChartMarks, palette: Palette): void {
  const { ctx, bbox } = chart;
  const left = chart.valToPos(marks.dataUntil, "x", true);
  const right = Math.min(chart.valToPos(marks.now, "x", true), bbox.left + bbox.width);
  if (right - left < 2) return;
  const bottom = bbox.top + bbox.height;
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, bbox.top, right - left, bbox.height);
  ctx.clip();
  ctx.strokeStyle = palette.hatch;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([]);
  ctx.beginPath();
  for (let x = left - bbox.height; x < right; x += HATCH_GAP * devicePixelRatio) {
    ctx.moveTo(x, bottom);
    ctx.lineTo(x + bbox.height, bbox.top);
  }
  ctx.stroke();
  ctx.fillStyle = palette.axis;
  ctx.font = `${12 * devicePixelRatio}px ${getComputedStyle(chart.root).fontFamily}`;
  ctx.textAlign = "left";
  const inset = 6 * devicePixelRatio;
  if (ctx.measureText(marks.noDataText).width + 2 * inset < right - left) {
    ctx.fillText(marks.noDataText, left + inset, bbox.top + 16 * devicePixelRatio);
  }
  ctx.restore();
}

function drawLanding(
  chart: uPlot,
  landing: NonNullable<ChartMarks["landing"]>,
  palette: Palette,
): void {
  const { ctx, bbox } = chart;
  const y = (amount: number) => Math.round(chart.valToPos(amount, "y", true));
  const whisker = WHISKER * devicePixelRatio;
  const x = Math.round(bbox.left + bbox.width - 2 * whisker);
  ctx.strokeStyle = palette.expected;
  ctx.fillStyle = palette.expected;
  ctx.lineWidth = 2 * devicePixelRatio;
  ctx.setLineDash([]);
  ctx.beginPath();
  ctx.moveTo(x, y(landing.p10));
  ctx.lineTo(x, y(landing.p90));
  for (const edge of [landing.p10, landing.p90]) {
    ctx.moveTo(x - whisker, y(edge));
    ctx.lineTo(x + whisker, y(edge));
  }
  ctx.stroke();
  ctx.beginPath();
  ctx.arc(x, y(landing.p50), 3.5 * devicePixelRatio, 0, 2 * Math.PI);
  ctx.fill();
}
