import { For, type JSX } from "solid-js";
import { text } from "../i18n/text.ts";

/** The page's shape while the first snapshot is on its way, so that nothing jumps when it comes. */
export function Skeleton(): JSX.Element {
  return (
    <div class="store skeleton" role="status">
      <span class="visually-hidden">{text("app.loading")}</span>
      <div class="bone bone-heading" />
      <div class="bone bone-sentence" />
      <div class="tiles">
        <For each={[1, 2, 3, 4, 5, 6]}>{() => <div class="tile bone" />}</For>
      </div>
      <div class="card bone bone-chart" />
    </div>
  );
}
