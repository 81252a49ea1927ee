import type { JSX } from "solid-js";
import { clock, clockRange, dayName, zoneCity, zoneName } from "../format/times.ts";
import { text } from "../i18n/text.ts";
import type { DayPicture } from "../live/day-picture.ts";
import { standingSentence } from "../live/sentence.ts";
import { FreshnessChip } from "../shell/FreshnessChip.tsx";
import { Sentence } from "../shell/Sentence.tsx";
import { DayStepper } from "./DayStepper.tsx";
import { createDaySearch } from "./day-search.ts";

/** The store's name, its day and clock, how fresh its data is, and the one sentence. */
export function StoreHeading(props: { readonly picture: DayPicture }): JSX.Element {
  const search = createDaySearch();
  const when = () => {
    const { now, timeZone, businessDate, dayStart, dayEnd, phase } = props.picture;
    const city = zoneCity(timeZone);
    if (phase === "past") {
      const zone = zoneName(dayStart, timeZone);
      return text("day.when", { hours: clockRange(dayStart, dayEnd, timeZone), city, zone });
    }
    const place = { city, zone: zoneName(now, timeZone) };
    return `${dayName(businessDate)} · ${text("store.localTime", { time: clock(now, timeZone), ...place })}`;
  };
  const links = () => {
    const { lastSalesDate } = props.picture;
    return lastSalesDate === null ? {} : { lastDay: search.hrefOf(lastSalesDate) };
  };
  return (
    <header class="store-heading">
      <div class="store-heading-line">
        <h1 dir="auto">{props.picture.name}</h1>
        <FreshnessChip facts={props.picture} />
        {/* Only a change of the word is spoken, not the age beside it. */}
        <span class="visually-hidden" role="status">
          {text(`feed.${props.picture.freshness.state}`)}
        </span>
        <DayStepper today={props.picture.today} />
      </div>
      <p class="muted store-when">{when()}</p>
      <p class="sentence">
        <Sentence parts={standingSentence(props.picture)} links={links()} />
      </p>
    </header>
  );
}
