import { createEffect, type JSX } from "solid-js";
import { text } from "../i18n/text.ts";

/** The home of one who sends orders and sees no sales: what this role is for, and where to go on. */
export function NoSales(): JSX.Element {
  createEffect(() => {
    document.title = `${text("noSales.title")} · ${text("app.name")}`;
  });
  return (
    <div class="notice home-note">
      <h1>{text("noSales.title")}</h1>
      <p>{text("noSales.what")}</p>
      <p>{text("noSales.how")}</p>
      <p>
        {/* Served by the API itself, so the router must not look for it. */}
        <a class="button button-main" href="/docs" target="_self">
          {text("noSales.docs")}
        </a>
      </p>
      <p class="muted">{text("noSales.other")}</p>
    </div>
  );
}
