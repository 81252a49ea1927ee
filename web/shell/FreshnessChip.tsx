import { createMemo, type JSX, Show } from "solid-js";
import { type FreshnessFacts, freshnessWords } from "../live/freshness-words.ts";

/** How fresh a store's data is, as a word, a mark and an age; never only as a colour. */
export function FreshnessChip(props: { readonly facts: FreshnessFacts }): JSX.Element {
  const words = createMemo(() => freshnessWords(props.facts));
  return (
    <span class="fresh" data-state={words().mark}>
      <span class="fresh-mark" aria-hidden="true" />
      <span>{words().word}</span>
      <Show when={words().detail}>{(detail) => <span class="fresh-detail">{detail()}</span>}</Show>
    </span>
  );
}
