import type { JSX } from "solid-js";
import { clock, dayName, zoneCity, zoneName } from "../format/times.ts";
import { text } from "../i18n/text.ts";
import type { DayPicture } from "../live/day-picture.ts";
import { standingSentence } from "../live/sentence.ts";
import { FreshnessChip } from "../shell/FreshnessChip.tsx";
import { Sentence } from "../shell/Sentence.tsx";

/** The store's name and clock, how fresh its data is, and the one sentence. */
export function StoreHeading(props: { readonly picture: DayPicture }): JSX.Element {
  const localTime = () => {
    const { now, timeZone } = props.picture;
    const place = { city: zoneCity(timeZone), zone: zoneName(now, timeZone) };
    return text("store.localTime", { time: clock(now, timeZone), ...place });
  };
  return (
    <header class="store-heading">
      <div class="store-heading-line">
        <h1>{props.picture.name}</h1>
        <FreshnessChip
          freshness={props.picture.freshness}
          now={props.picture.now}
          timeZone={props.picture.timeZone}
        />
        {/* Only a change of the word is spoken, not the age beside it. */}
        <span class="visually-hidden" role="status">
          {text(`feed.${props.picture.freshness.state}`)}
        </span>
      </div>
      <p class="muted store-when">
        {dayName(props.picture.businessDate)} · {localTime()}
      </p>
      <p class="sentence">
        <Sentence parts={standingSentence(props.picture)} />
      </p>
    </header>
  );
}
