import { type JSX, Show } from "solid-js";
import { age, clock } from "../format/times.ts";
import { text } from "../i18n/text.ts";
import type { Freshness } from "../live/freshness.ts";

/** How fresh a store's data is, as a word, a mark and an age; never only as a colour. */
export function FreshnessChip(props: {
  readonly freshness: Freshness;
  readonly now: number;
  readonly timeZone: string;
}): JSX.Element {
  const detail = () => {
    const { state, dataUntil } = props.freshness;
    if (state === "closed") return undefined;
    if (dataUntil === null) return text("feed.never");
    const elapsedMs = props.now - dataUntil;
    if (state === "live") return text("feed.age", { age: age(elapsedMs) });
    return text("feed.dataUntil", { time: clock(dataUntil, props.timeZone) });
  };
  return (
    <span class="fresh" data-state={props.freshness.state}>
      <span class="fresh-mark" aria-hidden="true" />
      <span>{text(`feed.${props.freshness.state}`)}</span>
      <Show when={detail()}>{(words) => <span class="fresh-detail">{words()}</span>}</Show>
    </span>
  );
}
