import { A } from "@solidjs/router";
import { For, type JSX, Show } from "solid-js";
import { count, moneyRange, wholeMoney } from "../format/numbers.ts";
import { clock, zoneName } from "../format/times.ts";
import { text } from "../i18n/text.ts";
import { leadText } from "../live/sentence.ts";
import { noVerdictText } from "../live/too-little-known.ts";
import { DeviationPill } from "../shell/DeviationPill.tsx";
import { FreshnessChip } from "../shell/FreshnessChip.tsx";
import { NumberHead } from "../shell/NumberHead.tsx";
import { idleText, otherCurrenciesText, type StoreRow } from "./store-rows.ts";

/** The list where there is room: one row per store, the whole row leads to it. */
export function StoreTable(props: {
  readonly ids: readonly string[];
  readonly rows: readonly StoreRow[];
}): JSX.Element {
  return (
    <div class="card store-table">
      <table>
        <caption class="visually-hidden">{text("stores.caption")}</caption>
        <thead>
          <tr>
            <th scope="col">{text("stores.store")}</th>
            <NumberHead>{text("stores.net")}</NumberHead>
            <NumberHead>{text("stores.expected")}</NumberHead>
            <th scope="col">{text("stores.deviation")}</th>
            <NumberHead>{text("stores.landing")}</NumberHead>
            <NumberHead class="wide-only">{text("stores.orders")}</NumberHead>
            <NumberHead class="wide-only">{text("stores.open")}</NumberHead>
            <th scope="col">{text("stores.data")}</th>
          </tr>
        </thead>
        <tbody>
          <For each={props.ids}>
            {(storeId) => (
              <Show when={props.rows.find((row) => row.storeId === storeId)}>
                {(row) => <Row row={row()} />}
              </Show>
            )}
          </For>
        </tbody>
      </table>
    </div>
  );
}

function Row(props: { readonly row: StoreRow }): JSX.Element {
  const open = () => props.row.open.filter(({ orders }) => orders > 0);
  return (
    <tr>
      <th scope="row">
        <A class="store-link" href={`/stores/${props.row.storeId}`}>
          <bdi>{props.row.name}</bdi>
        </A>
        <span class="store-time muted">
          {clock(props.row.now, props.row.timeZone)} {zoneName(props.row.now, props.row.timeZone)}
        </span>
        <span class="store-says muted">{idleText(props.row) ?? leadText(props.row)}</span>
      </th>
      <td class="number store-net">
        {wholeMoney(props.row.net, props.row.currency)}
        <Show when={otherCurrenciesText(props.row)}>
          {(words) => <span class="store-says muted">{words()}</span>}
        </Show>
      </td>
      <td class="number">
        <Show when={props.row.expected} fallback={<span class="muted">–</span>}>
          {(expected) => wholeMoney(Math.round(expected().p50), props.row.currency)}
        </Show>
      </td>
      <td>
        <DeviationPill deviation={props.row.deviation} none={noVerdictText(props.row)} />
      </td>
      <td class="number">
        <Show when={props.row.landing} fallback={<span class="muted">–</span>}>
          {(landing) =>
            moneyRange(landing().p10, landing().p90, props.row.currency, Number(props.row.net))
          }
        </Show>
      </td>
      <td class="number wide-only">{count(props.row.orders)}</td>
      <td class="number wide-only">
        <For each={open()} fallback={<span class="muted">–</span>}>
          {(part) => (
            <>
              {count(part.orders)}
              <span class="muted store-open">{wholeMoney(part.amount, part.currency)}</span>
            </>
          )}
        </For>
      </td>
      <td>
        <FreshnessChip facts={props.row} />
      </td>
    </tr>
  );
}
