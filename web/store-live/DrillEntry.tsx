import type { EntryRow } from "@tillcast/schemas/browser";
import { For, type JSX, Show } from "solid-js";
import { exactMoney } from "../format/numbers.ts";
import { clock } from "../format/times.ts";
import { text } from "../i18n/text.ts";

/** One ledger entry with the order behind it; its items unfold. */
export function DrillEntry(props: {
  readonly entry: EntryRow;
  readonly timeZone: string;
}): JSX.Element {
  const money = (amount: string) => exactMoney(amount, props.entry.currency);
  return (
    <li class="entry-row">
      <details>
        <summary>
          <time datetime={props.entry.countedAt}>
            {clock(Date.parse(props.entry.countedAt), props.timeZone)}
          </time>
          <span class="entry-name">
            {text("drill.order", {
              id: props.entry.order.receiptNumber ?? props.entry.order.orderId,
            })}
            <small class="muted">{notes(props.entry).join(" · ")}</small>
          </span>
          <span class="entry-net">{money(props.entry.net)}</span>
        </summary>
        <ul class="entry-lines">
          <For
            each={props.entry.order.lines}
            fallback={<li class="muted">{text("drill.noLines")}</li>}
          >
            {(line) => (
              <li classList={{ "is-voided": line.voided }}>
                <span>
                  {line.quantity} × {line.name}
                  <Show when={line.voided}>
                    <small class="muted"> {text("drill.voided")}</small>
                  </Show>
                </span>
                <span class="entry-net">{money(line.net)}</span>
              </li>
            )}
          </For>
          <li class="muted">
            {text("drill.tax", { amount: money(props.entry.tax) })}
            {" · "}
            {text("drill.tip", { amount: money(props.entry.tip) })}
          </li>
        </ul>
      </details>
    </li>
  );
}

/** The channel, and what kind of entry this is where it is no plain sale. */
function notes({ channel, refund, void: voided, orders, net }: EntryRow): string[] {
  const words: string[] = [text(`channel.${channel}`)];
  if (refund !== "0") words.push(text("drill.refund"));
  else if (voided !== "0") words.push(text("drill.void"));
  else if (orders === 0 && net !== "0") words.push(text("drill.edit"));
  return words;
}
