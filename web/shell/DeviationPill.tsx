import { type JSX, Show } from "solid-js";
import { signedPercent } from "../format/numbers.ts";
import { type TextKey, text } from "../i18n/text.ts";
import { type Deviation, toldShare } from "../live/deviation.ts";

/**
 * Sign, arrow and word for a deviation; colour is only the third cue. `none` says why nothing is compared.
 */
export function DeviationPill(props: {
  readonly deviation: Deviation | undefined;
  readonly none?: string | undefined;
}): JSX.Element {
  const band = () => props.deviation?.band ?? "none";
  const telling = () => toldShare(props.deviation);
  const word = () =>
    props.deviation === undefined && props.none !== undefined
      ? props.none
      : text(`band.${band()}` satisfies TextKey);
  return (
    <span class="deviation" data-band={band()} title={text("band.why")}>
      <Show when={telling() !== null}>
        <span aria-hidden="true">{(telling() ?? 0) < 0 ? "↓" : "↑"}</span>
        <span class="deviation-share">{signedPercent(telling() ?? 0)}</span>
      </Show>
      <span class="deviation-word">{word()}</span>
    </span>
  );
}
