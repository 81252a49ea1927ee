import type { JSX } from "solid-js";

/** One figure with its name; `why` is the definition, shown on hover and read to screen readers. */
export function Tile(props: {
  readonly label: string;
  readonly why?: string;
  readonly isMain?: boolean;
  readonly isApart?: boolean;
  readonly children: JSX.Element;
}): JSX.Element {
  return (
    <section
      class="tile"
      classList={{ "tile-main": props.isMain ?? false, "tile-apart": props.isApart ?? false }}
      title={props.why}
    >
      <h2 class="tile-label">{props.label}</h2>
      {props.children}
    </section>
  );
}
