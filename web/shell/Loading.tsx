import type { JSX } from "solid-js";
import { text } from "../i18n/text.ts";

/** A calm placeholder while something is on its way. */
export function Loading(): JSX.Element {
  return (
    <div class="loading" role="status">
      <span class="visually-hidden">{text("app.loading")}</span>
    </div>
  );
}
