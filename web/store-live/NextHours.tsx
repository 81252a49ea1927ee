import { For, type JSX, Show } from "solid-js";
import { moneyRange, wholeMoney } from "../format/numbers.ts";
import { clockRange } from "../format/times.ts";
import { text } from "../i18n/text.ts";
import type { DayPicture } from "../live/day-picture.ts";
import type { HourRow } from "../live/hour-rows.ts";
import { nextHours } from "../live/next-hours.ts";

/** This hour and the next two, which a phone would else show two screens further down. */
export function NextHours(props: { readonly picture: DayPicture }): JSX.Element {
  const rows = () => nextHours(props.picture);
  return (
    <Show when={rows().length > 0}>
      <section class="card next-hours" aria-labelledby="next-hours-title">
        <h2 id="next-hours-title">{text("hours.next")}</h2>
        <ul>
          <For each={rows()}>
            {(row) => (
              <li>
                <span>{clockRange(row.start, row.end, props.picture.timeZone)}</span>
                <span class="number">{words(row, props.picture.currency)}</span>
              </li>
            )}
          </For>
        </ul>
      </section>
    </Show>
  );
}

/** "€21 so far, about €104 by now" of the hour under way, "€610–€880" of one ahead. */
function words({ net, expected, expectedSoFar }: HourRow, currency: string): string {
  if (net !== null && expectedSoFar !== null) {
    const usual = wholeMoney(Math.round(expectedSoFar.p50), currency);
    return text("hours.nowOf", { amount: wholeMoney(net, currency), usual });
  }
  return expected === null ? "" : moneyRange(expected.p10, expected.p90, currency);
}
