import { A } from "@solidjs/router";
import type { JSX } from "solid-js";
import { text } from "../i18n/text.ts";

/** An address that leads nowhere. */
export function NotFound(): JSX.Element {
  return (
    <main class="notice" id="content">
      <h1>{text("app.notFound")}</h1>
      <A class="button" href="/stores">
        {text("app.toStores")}
      </A>
    </main>
  );
}
