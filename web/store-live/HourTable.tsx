import { createMemo, For, type JSX, Show } from "solid-js";
import { count, wholeMoney } from "../format/numbers.ts";
import { clock, clockRange } from "../format/times.ts";
import { text } from "../i18n/text.ts";
import type { DayPicture } from "../live/day-picture.ts";
import { type HourRow, hourRows } from "../live/hour-rows.ts";
import { isCurrent } from "../live/sentence.ts";
import { DeviationPill } from "../shell/DeviationPill.tsx";
import { NumberHead } from "../shell/NumberHead.tsx";
import { createChartSearch } from "./chart-search.ts";
import { HourBar } from "./HourBar.tsx";

/** The day by local hours; each hour that has begun leads to its orders. */
export function HourTable(props: {
  readonly picture: DayPicture;
  readonly onShow: (row: HourRow) => void;
}): JSX.Element {
  const { hasLastWeek } = createChartSearch();
  const rows = createMemo(() => hourRows(props.picture));
  const starts = createMemo(() => rows().map(({ start }) => start), undefined, {
    equals: sameList,
  });
  const most = () =>
    Math.max(
      1,
      ...rows().map(({ net, expected }) => Math.max(Number(net ?? 0), expected?.p90 ?? 0)),
    );
  return (
    <section class="card hours" aria-labelledby="hours-title">
      <h2 id="hours-title">{text("hours.title")}</h2>
      <table>
        <caption class="visually-hidden">{text("hours.caption")}</caption>
        <thead>
          <tr>
            <th scope="col">{text("hours.hour")}</th>
            <NumberHead>{text("hours.actual")}</NumberHead>
            <NumberHead>{text("hours.expected")}</NumberHead>
            <Show when={hasLastWeek()}>
              <NumberHead class="week-cell">{text("chart.lastWeek")}</NumberHead>
            </Show>
            <td class="hour-bar-cell" />
            <th scope="col">{text("hours.verdict")}</th>
            <NumberHead class="orders-cell">{text("hours.orders")}</NumberHead>
          </tr>
        </thead>
        <tbody>
          {/* Rows are kept by their hour, so that an update never takes the focus away. */}
          <For each={starts()}>
            {(start) => (
              <Show when={rows().find((row) => row.start === start)}>
                {(row) => <Row {...props} row={row()} most={most()} hasLastWeek={hasLastWeek()} />}
              </Show>
            )}
          </For>
        </tbody>
      </table>
    </section>
  );
}

function Row(props: {
  readonly row: HourRow;
  readonly most: number;
  readonly hasLastWeek: boolean;
  readonly picture: DayPicture;
  readonly onShow: (row: HourRow) => void;
}): JSX.Element {
  return (
    <tr classList={{ "is-running": props.row.isRunning, "is-ahead": props.row.net === null }}>
      <th scope="row">
        <Show when={props.row.net !== null} fallback={<Hours {...props} />}>
          <button class="hour-button" type="button" onClick={() => props.onShow(props.row)}>
            <span class="visually-hidden">{text("hours.show")} </span>
            <Hours {...props} />
          </button>
        </Show>
      </th>
      <td class="number actual">
        <Show when={props.row.net !== null} fallback={<span class="muted">–</span>}>
          {wholeMoney(props.row.net ?? 0n, props.picture.currency)}
          <Show when={props.row.isRunning}>
            <small class="muted hour-running">{runningText(props.picture)}</small>
          </Show>
        </Show>
      </td>
      <td class="number expected">
        <Show when={props.row.expected} fallback={<span class="muted">–</span>}>
          {(expected) => wholeMoney(Math.round(expected().p50), props.picture.currency)}
        </Show>
        <Show when={props.row.expectedSoFar}>
          {(soFar) => (
            <small class="muted hour-running">
              {text("hours.expectedBy", {
                amount: wholeMoney(Math.round(soFar().p50), props.picture.currency),
                time: clock(props.picture.dataUntil, props.picture.timeZone),
              })}
            </small>
          )}
        </Show>
      </td>
      <Show when={props.hasLastWeek}>
        <td class="number week-cell">
          {props.row.lastWeek === null
            ? "–"
            : wholeMoney(props.row.lastWeek, props.picture.currency)}
        </td>
      </Show>
      <td class="hour-bar-cell" aria-hidden="true">
        <HourBar row={props.row} most={props.most} />
      </td>
      <td class="verdict">
        <Show when={props.row.deviation}>
          {(deviation) => <DeviationPill deviation={deviation()} />}
        </Show>
      </td>
      <td class="number orders-cell">
        {props.row.orders === null ? <span class="muted">–</span> : count(props.row.orders)}
      </td>
    </tr>
  );
}

/** "so far", or until when where nothing newer is known. */
function runningText(picture: DayPicture): string {
  if (isCurrent(picture)) return text("hours.running");
  return text("chart.until", { time: clock(picture.dataUntil, picture.timeZone) });
}

/** The hour's start, and its end where there is room. */
function Hours(props: { readonly row: HourRow; readonly picture: DayPicture }): JSX.Element {
  return (
    <>
      <span class="hour-whole">
        {clockRange(props.row.start, props.row.end, props.picture.timeZone)}
      </span>
      <span class="hour-short">{clock(props.row.start, props.picture.timeZone)}</span>
    </>
  );
}

function sameList(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}
