import type { JSX } from "solid-js";
import { text } from "../i18n/text.ts";
import { createShortcuts } from "../shell/create-shortcuts.ts";
import { createDaySearch } from "./day-search.ts";
import { FIRST_DATE, stepDay } from "./step-day.ts";

/** Leads through the business days: one back, a date, one ahead, and today. */
export function DayStepper(props: { readonly today: string }): JSX.Element {
  const day = createDaySearch();
  const date = () => day.date() ?? props.today;
  const step = (days: 1 | -1) => {
    const next = stepDay(date(), days, props.today);
    if (next !== undefined) day.show(next, props.today);
  };
  createShortcuts({ "[": () => step(-1), "]": () => step(1) });

  function choose(input: HTMLInputElement): void {
    // While a year is typed, the field holds dates of long ago.
    if (input.value !== "" && input.validity.valid) day.show(input.value, props.today);
  }

  return (
    <div class="day-stepper">
      <button
        class="day-step"
        type="button"
        aria-label={text("day.previous")}
        disabled={stepDay(date(), -1, props.today) === undefined}
        onClick={() => step(-1)}
      >
        ‹
      </button>
      <label class="day-choice">
        <span class="visually-hidden">{text("day.choose")}</span>
        <input
          type="date"
          min={FIRST_DATE}
          max={props.today}
          value={date()}
          onChange={(event) => choose(event.currentTarget)}
        />
      </label>
      <button
        class="day-step"
        type="button"
        aria-label={text("day.next")}
        disabled={stepDay(date(), 1, props.today) === undefined}
        onClick={() => step(1)}
      >
        ›
      </button>
      <button
        class="toggle"
        type="button"
        disabled={date() === props.today}
        onClick={() => day.showToday()}
      >
        {text("day.today")}
      </button>
    </div>
  );
}
