import { DAYS_ENOUGH, type Expectation } from "@tillcast/schemas/browser";
import { For, type JSX, Show } from "solid-js";
import { count, exactMoney, moneyRange, tileMoney, wholeMoney } from "../format/numbers.ts";
import { clock, weekdayName } from "../format/times.ts";
import { text } from "../i18n/text.ts";
import type { DayPicture } from "../live/day-picture.ts";
import { isCurrent } from "../live/sentence.ts";
import { noVerdictText } from "../live/too-little-known.ts";
import { DeviationPill } from "../shell/DeviationPill.tsx";
import { createChartSearch } from "./chart-search.ts";
import { Tile } from "./Tile.tsx";

/**
 * The figures of the day; open tables stand apart, since they are not counted. A day of the past has none,
 * and has landed.
 */
export function Tiles(props: {
  readonly picture: DayPicture;
  /** Whether the further figures stand beside the first three. */
  readonly hasMore: boolean;
  readonly onProve: () => void;
}): JSX.Element {
  const money = (amount: number) => tileMoney(Math.round(amount), props.picture.currency);
  const range = ({ p10, p90 }: Expectation) => moneyRange(p10, p90, props.picture.currency);
  const landingRange = ({ p10, p90 }: Expectation) =>
    moneyRange(p10, p90, props.picture.currency, Number(props.picture.net));
  const foreign = () =>
    props.picture.foreign.map(({ currency, net }) => wholeMoney(net, currency)).join(", ");
  const until = () => clock(props.picture.dataUntil, props.picture.timeZone);
  const isPast = () => props.picture.phase === "past";
  const isLittle = () => props.picture.daysKnown < DAYS_ENOUGH;
  const isDone = () => isPast() || props.picture.phase === "closed";
  /** Whether the day has ended, and all of it is known. */
  const isWhole = () => isDone() && isCurrent(props.picture);
  const netLabel = () => {
    if (isDone()) return text("tile.netDay");
    return isCurrent(props.picture) ? text("tile.net") : text("tile.netBy", { time: until() });
  };
  const expectedLabel = () => {
    if (isWhole()) return text("tile.expectedDay");
    return isCurrent(props.picture)
      ? text("tile.expected")
      : text("tile.expectedBy", { time: until() });
  };
  const expectedWhy = () =>
    isWhole() ? text("tile.expectedDayWhy") : text("tile.expectedWhy", { time: until() });
  const search = createChartSearch();
  /** The week before stands in for a verdict of a past day without a forecast. */
  const isForVerdict = () => isPast() && props.picture.expected === null;
  const weekBefore = () => {
    const { lastWeekSoFar, businessDate } = props.picture;
    if (lastWeekSoFar === null) return undefined;
    const weekday = weekdayName(businessDate);
    const amount = money(Number(lastWeekSoFar));
    return isWhole()
      ? text("tile.weekBefore", { weekday, amount })
      : text("tile.weekBeforeBy", { weekday, amount, time: until() });
  };
  return (
    <div class="tiles" classList={{ "tiles-past": isDone() }}>
      <Tile label={netLabel()} why={text("tile.netWhy")} isMain>
        <button class="tile-prove" type="button" onClick={() => props.onProve()}>
          <span
            class="tile-value"
            data-testid="net-so-far"
            data-seq={props.picture.seq}
            data-net={String(props.picture.net)}
          >
            {tileMoney(props.picture.net, props.picture.currency)}
          </span>
          <span class="visually-hidden">{text("tile.prove")}</span>
        </button>
        <span class="tile-note">
          <Show
            when={isForVerdict() && weekBefore()}
            fallback={
              <DeviationPill
                deviation={props.picture.deviation}
                none={noVerdictText(props.picture)}
              />
            }
          >
            {(words) => words()}
          </Show>
        </span>
        <Show when={search.hasLastWeek() && !isForVerdict() && weekBefore()}>
          {(words) => <span class="tile-note">{words()}</span>}
        </Show>
        <Show when={foreign()}>
          {(amounts) => (
            <span class="tile-note">{text("tile.foreign", { amounts: amounts() })}</span>
          )}
        </Show>
      </Tile>
      <Tile label={expectedLabel()} why={expectedWhy()}>
        <Show
          when={props.picture.expected}
          fallback={
            <>
              <Nothing />
              <Show when={(isPast() || isLittle()) && props.picture.forecastReason}>
                {(reason) => <span class="tile-note">{reason()}</span>}
              </Show>
            </>
          }
        >
          {(expected) => (
            <>
              <span class="tile-value">{money(expected().p50)}</span>
              <span class="tile-note">{text("tile.range", { range: range(expected()) })}</span>
            </>
          )}
        </Show>
      </Tile>
      <Show when={!isDone()}>
        <Tile label={text("tile.landing")} why={text("tile.landingWhy")}>
          <Show when={props.picture.landing} fallback={<Nothing />}>
            {(landing) => (
              <>
                <span class="tile-value">{landingRange(landing())}</span>
                <span class="tile-note">
                  {text("tile.middle", { amount: money(landing().p50) })}
                </span>
              </>
            )}
          </Show>
        </Tile>
      </Show>
      <Show when={props.hasMore}>
        <MoreTiles picture={props.picture} />
      </Show>
    </div>
  );
}

/** Orders, the average ticket and open tables: on a phone they come after the chart. */
export function MoreTiles(props: { readonly picture: DayPicture }): JSX.Element {
  const hasOpen = () => {
    const { phase, open } = props.picture;
    if (phase === "past") return false;
    return phase !== "closed" || open.some(({ orders }) => orders > 0);
  };
  return (
    <>
      <Tile label={text("tile.orders")}>
        <span class="tile-value">{count(props.picture.orders)}</span>
        <span class="tile-note">
          <Show when={props.picture.guests > 0}>
            {text("tile.guests", { count: count(props.picture.guests) })}
          </Show>
        </span>
      </Tile>
      <Tile label={text("tile.ticket")}>
        <Show when={averageTicket(props.picture)} fallback={<Nothing />}>
          {(ticket) => (
            <span class="tile-value">{exactMoney(ticket(), props.picture.currency)}</span>
          )}
        </Show>
      </Tile>
      <Show when={hasOpen()}>
        <OpenTile open={props.picture.open} />
      </Show>
    </>
  );
}

function OpenTile(props: { readonly open: DayPicture["open"] }): JSX.Element {
  return (
    <Tile label={text("tile.open")} why={text("tile.openWhy")} isApart>
      <For
        each={props.open.filter(({ orders }) => orders > 0)}
        fallback={<span class="tile-value">0</span>}
      >
        {(open) => (
          <span class="tile-value">
            {count(open.orders)}
            <span class="tile-beside">{wholeMoney(open.amount, open.currency)}</span>
          </span>
        )}
      </For>
      <span class="tile-note">{text("tile.openNote")}</span>
    </Tile>
  );
}

function Nothing(): JSX.Element {
  return <span class="tile-value muted">{text("tile.none")}</span>;
}

/**
 * Net per order to the nearest minor unit, as text so that zero is shown too; undefined without orders, and
 * of a day on which more was given back than sold, where it would say nothing of a ticket.
 */
function averageTicket({ net, orders }: DayPicture): string | undefined {
  if (orders <= 0 || net < 0n) return undefined;
  return String((net + BigInt(orders) / 2n) / BigInt(orders));
}
