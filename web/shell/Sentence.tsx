import { A } from "@solidjs/router";
import { For, type JSX, Show } from "solid-js";
import type { Part } from "../i18n/text.ts";

/**
 * A sentence whose filled-in parts (amounts, times) can be styled, and do not break across lines. A part
 * that `links` has an address for leads there.
 */
export function Sentence(props: {
  readonly parts: readonly Part[];
  readonly links?: Readonly<Record<string, string>>;
}): JSX.Element {
  const link = (part: Part) => (part.name === undefined ? undefined : props.links?.[part.name]);
  return (
    <For each={props.parts}>
      {(part) => (
        <span class={part.name ? `said said-${part.name}` : undefined}>
          <Show when={link(part)} fallback={part.text}>
            {(href) => <A href={href()}>{part.text}</A>}
          </Show>
        </span>
      )}
    </For>
  );
}
