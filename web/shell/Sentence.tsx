import { For, type JSX } from "solid-js";
import type { Part } from "../i18n/text.ts";

/** A sentence whose filled-in parts (amounts, times) can be styled, and do not break across lines. */
export function Sentence(props: { readonly parts: readonly Part[] }): JSX.Element {
  return (
    <For each={props.parts}>
      {(part) => <span class={part.name ? `said said-${part.name}` : undefined}>{part.text}</span>}
    </For>
  );
}
