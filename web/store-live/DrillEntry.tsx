import { For, type JSX, Show } from "solid-js";
import { exactMoney } from "../format/numbers.ts";
import { clock } from "../format/times.ts";
import { text } from "../i18n/text.ts";
import type { BillRow } from "./bill-rows.ts";

/** One order with what became of it; its items and the sum that is its net unfold. */
export function DrillEntry(props: {
  readonly bill: BillRow;
  readonly timeZone: string;
}): JSX.Element {
  const order = () => props.bill.entry.order;
  const money = (amount: bigint | string) => exactMoney(amount, props.bill.entry.currency);
  const notes = () => [text(`channel.${props.bill.entry.channel}`), ...props.bill.changes];
  const apart = () => {
    const { tax, tip, otherCharges } = props.bill.sum;
    const all = [
      text("drill.tax", { amount: money(tax) }),
      text("drill.tip", { amount: money(tip) }),
    ];
    if (otherCharges !== 0n) all.push(text("drill.otherCharges", { amount: money(otherCharges) }));
    return text("drill.notInNet", { amounts: all.join(", ") });
  };
  return (
    <li class="entry-row">
      <details>
        <summary>
          <time datetime={props.bill.countedAt}>
            {clock(Date.parse(props.bill.countedAt), props.timeZone)}
          </time>
          <span class="entry-name">
            <span dir="auto">
              {text("drill.order", { id: order().receiptNumber ?? order().orderId })}
            </span>
            <small class="muted">{notes().join(" · ")}</small>
          </span>
          <span class="entry-net">{money(props.bill.sum.net)}</span>
        </summary>
        <ul class="entry-lines">
          <For each={order().lines} fallback={<li class="muted">{text("drill.noLines")}</li>}>
            {(line) => (
              <li classList={{ "is-voided": line.voided }}>
                <span dir="auto">
                  {line.quantity} × {line.name}
                  <Show when={!line.revenue}>
                    <small class="muted"> {text("drill.noSale")}</small>
                  </Show>
                  <Show when={line.voided}>
                    <small class="muted"> {text("drill.voided")}</small>
                  </Show>
                </span>
                <span class="entry-net">{money(line.net)}</span>
              </li>
            )}
          </For>
        </ul>
        <BillProof bill={props.bill} />
        <p class="bill-apart muted">{apart()}</p>
      </details>
    </li>
  );
}

/** The order's net as a sum to the last cent, and beside it what is no part of it. */
function BillProof(props: { readonly bill: BillRow }): JSX.Element {
  const money = (amount: bigint) => exactMoney(amount, props.bill.entry.currency);
  const parts = () => {
    const { lines, discount, includedTax, charges, refund, void: voided } = props.bill.sum;
    const all = [
      ["drill.lines", lines],
      ["drill.discount", -discount],
      ["drill.includedTax", -includedTax],
      ["drill.charges", charges],
      ["drill.refunds", -refund],
      ["drill.voids", -voided],
    ] as const;
    return all.filter(([key, amount]) => key === "drill.lines" || amount !== 0n);
  };
  return (
    <dl class="bill-sum">
      <For each={parts()}>
        {([key, amount]) => (
          <div>
            <dt>{text(key)}</dt>
            <dd>{money(amount)}</dd>
          </div>
        )}
      </For>
      <div class="bill-net">
        <dt>{text("drill.net")}</dt>
        <dd>{money(props.bill.sum.net)}</dd>
      </div>
    </dl>
  );
}
