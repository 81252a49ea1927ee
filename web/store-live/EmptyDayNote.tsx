import { A } from "@solidjs/router";
import { type JSX, Show } from "solid-js";
import { dateName } from "../format/times.ts";
import { text } from "../i18n/text.ts";
import type { DayPicture } from "../live/day-picture.ts";
import type { EmptyDay } from "../live/empty-day.ts";
import { createDaySearch } from "./day-search.ts";

/** In place of an empty chart: what is not there, and what can be done. */
export function EmptyDayNote(props: {
  readonly why: EmptyDay;
  readonly picture: DayPicture;
}): JSX.Element {
  const search = createDaySearch();
  const lastDay = () => {
    const { lastSalesDate, businessDate } = props.picture;
    return lastSalesDate === businessDate ? null : lastSalesDate;
  };
  const words = () => {
    if (props.why !== "imported") return text(`empty.${props.why}`);
    return text("empty.imported", { lastDay: dateName(props.picture.lastSalesDate ?? "") });
  };
  return (
    <section class="card empty-day" data-why={props.why}>
      <p>{words()}</p>
      <p class="empty-day-ways">
        <Show when={lastDay()}>
          {(date) => (
            <A class="button" href={search.hrefOf(date())}>
              {text("empty.toLast", { lastDay: dateName(date()) })}
            </A>
          )}
        </Show>
        <Show when={props.why === "imported" || props.why === "never"}>
          <a class="button" href="/docs" target="_self">
            {text("empty.docs")}
          </a>
        </Show>
      </p>
    </section>
  );
}
