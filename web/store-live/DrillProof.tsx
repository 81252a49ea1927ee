import type { EntriesResponse } from "@tillcast/schemas/browser";
import { type JSX, Show } from "solid-js";
import { count, exactMoney } from "../format/numbers.ts";
import { text } from "../i18n/text.ts";

/** Holds the sum of the entries against the figure on the page, to the cent. */
export function DrillProof(props: {
  readonly total: EntriesResponse["total"];
  readonly shown: bigint;
  readonly currency: string;
  readonly isBusy: boolean;
  readonly onRefresh: () => void;
}): JSX.Element {
  const isEqual = () => BigInt(props.total.net) === props.shown;
  const words = () => {
    const amount = exactMoney(props.total.net, props.currency);
    const entries = count(props.total.entries);
    if (isEqual()) return text("drill.equal", { count: entries, amount });
    const shown = exactMoney(props.shown, props.currency);
    return text("drill.differs", { count: entries, amount, shown });
  };
  return (
    <p class="proof" data-equal={isEqual()} role="status">
      <span class="proof-mark" aria-hidden="true">
        {isEqual() ? "=" : "≠"}
      </span>
      <span>{words()}</span>
      <Show when={!isEqual()}>
        <button
          class="button button-quiet"
          type="button"
          disabled={props.isBusy}
          onClick={() => props.onRefresh()}
        >
          {text("drill.refresh")}
        </button>
      </Show>
    </p>
  );
}
