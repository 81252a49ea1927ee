import { createUniqueId, type JSX, Show } from "solid-js";
import { text } from "../i18n/text.ts";

/** One figure with its name; `why` is the definition, which opens by tapping the name. */
export function Tile(props: {
  readonly label: string;
  readonly why?: string;
  readonly isMain?: boolean;
  readonly isApart?: boolean;
  readonly children: JSX.Element;
}): JSX.Element {
  const id = createUniqueId();
  return (
    <section
      class="tile"
      classList={{ "tile-main": props.isMain ?? false, "tile-apart": props.isApart ?? false }}
    >
      <h2 class="tile-label">
        <Show when={props.why} fallback={props.label}>
          <button class="tile-why" type="button" popovertarget={id}>
            {props.label}
            <span class="visually-hidden">{text("tile.why")}</span>
          </button>
        </Show>
      </h2>
      {props.children}
      <Show when={props.why}>
        {(why) => (
          <div class="definition" id={id} popover="auto">
            <p>{why()}</p>
          </div>
        )}
      </Show>
    </section>
  );
}
