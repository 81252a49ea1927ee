import { type JSX, Show } from "solid-js";
import { signedPercent } from "../format/numbers.ts";
import { type TextKey, text } from "../i18n/text.ts";
import type { Deviation } from "../live/deviation.ts";

/** Within this share of the expectation there is no arrow worth drawing. */
const LEVEL = 0.015;

/** Sign, arrow and word for a deviation; colour is only the third cue. */
export function DeviationPill(props: { readonly deviation: Deviation | undefined }): JSX.Element {
  const ratio = () => props.deviation?.ratio ?? null;
  const band = () => props.deviation?.band ?? "none";
  return (
    <span class="deviation" data-band={band()} title={text("band.why")}>
      <Show when={ratio() !== null}>
        <span aria-hidden="true">{arrow(ratio() ?? 0)}</span>
        <span class="deviation-share">{signedPercent(ratio() ?? 0)}</span>
      </Show>
      <span class="deviation-word">{text(`band.${band()}` satisfies TextKey)}</span>
    </span>
  );
}

function arrow(ratio: number): string {
  if (Math.abs(ratio) < LEVEL) return "→";
  return ratio < 0 ? "↓" : "↑";
}
