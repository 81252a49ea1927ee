import { DAYS_ENOUGH } from "@tillcast/schemas/browser";
import { count } from "../format/numbers.ts";
import { text } from "../i18n/text.ts";

/** The word in place of a verdict where there is none. */
export function noVerdictText({ daysKnown }: { readonly daysKnown: number }): string {
  return text(daysKnown < DAYS_ENOUGH ? "band.tooLittle" : "band.none");
}

/** Why nothing is called usual or unusual of a store that has sold on a few days only. */
export function tooLittleKnown(daysKnown: number): string {
  return text("known.tooLittle", { days: count(daysKnown), enough: count(DAYS_ENOUGH) });
}
