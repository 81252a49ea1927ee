import { createUniqueId, type JSX, Show, splitProps } from "solid-js";

/** An input with its label above, and a hint below where there is one. */
export function Field(
  props: JSX.InputHTMLAttributes<HTMLInputElement> & {
    readonly label: string;
    readonly hint?: string;
  },
): JSX.Element {
  const [own, input] = splitProps(props, ["label", "hint"]);
  const hintId = createUniqueId();
  return (
    <label class="field">
      <span>{own.label}</span>
      <input {...input} aria-describedby={own.hint === undefined ? undefined : hintId} />
      <Show when={own.hint}>
        <small class="muted" id={hintId}>
          {own.hint}
        </small>
      </Show>
    </label>
  );
}
