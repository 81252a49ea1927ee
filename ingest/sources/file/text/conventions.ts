import { appError } from "@tillcast/core";
import { type DecimalMark, decimalHintOf, mayBeSignOf, readMoneyText } from "./money-text.ts";
import { type DateOrder, dateHintOf, readTimeText } from "./time-text.ts";

/** How the files of one import write numbers and dates, found in them or said by a person. */
export interface Conventions {
  readonly decimal: DecimalMark;
  readonly dates: DateOrder;
}

/** What a person said about the files. The rest is found in them. */
export interface SaidConventions {
  readonly decimal?: DecimalMark | undefined;
  readonly dates?: DateOrder | undefined;
}

/** Looks at every cell before any is read, so that all are read in the same way. */
export interface ConventionSurvey {
  money(text: string, where: string, currency: { code: string; exponent: number }): void;
  time(text: string, where: string): void;
  /** Throws if the files contradict themselves or are ambiguous. The reason shows the cells. */
  decide(said: SaidConventions): { readonly found: Conventions; readonly notes: readonly string[] };
}

/** Most unknown signs in a message. */
const SIGNS_MAX_COUNT = 5;

type Seen<Key extends string> = Partial<Record<Key | "ambiguous", string>>;

/** Makes a survey. It keeps the first cell of each kind. */
export function makeConventionSurvey(): ConventionSurvey {
  const marks: Seen<DecimalMark> = {};
  const orders: Seen<DateOrder> = {};
  const signs: Record<string, string> = {};
  return {
    money(text, where, { code, exponent }) {
      const money = readMoneyText(text);
      if (money === undefined) return;
      const hint = decimalHintOf(money.digits, exponent);
      const shown = `${JSON.stringify(text)} (${where})`;
      if (hint !== null) marks[hint] ??= shown;
      if (!mayBeSignOf(money.sign, code)) {
        signs[money.sign] ??= `amounts with ${money.sign}, as in ${shown}, are read as ${code}`;
      }
    },
    time(text, where) {
      const time = readTimeText(text);
      const hint = time === undefined ? null : dateHintOf(time);
      if (hint !== null) orders[hint] ??= `${JSON.stringify(text)} (${where})`;
    },
    decide(said) {
      const decimal = said.decimal ?? decideMark(marks) ?? ".";
      const dates = said.dates ?? decideOrder(orders) ?? "dmy";
      const notes = Object.values(signs).slice(0, SIGNS_MAX_COUNT);
      const comma = marks[","];
      if (said.decimal === undefined && comma !== undefined) {
        notes.push(`amounts are read with a decimal comma, as in ${comma}`);
      }
      const shown = orders[dates];
      if (said.dates === undefined && shown !== undefined) {
        const name = dates === "dmy" ? "day, month, year" : "month, day, year";
        notes.push(`dates are read as ${name}, as in ${shown}`);
      }
      return { found: { decimal, dates }, notes };
    },
  };
}

function decideMark(seen: Seen<DecimalMark>): DecimalMark | undefined {
  const point = seen["."];
  const comma = seen[","];
  const ask = "say --decimal point or --decimal comma";
  if (point !== undefined && comma !== undefined) {
    throw refused(
      `amounts have a decimal point, as in ${point}, and a decimal comma, as in ${comma}; ${ask}`,
    );
  }
  if (point !== undefined) return ".";
  if (comma !== undefined) return ",";
  if (seen.ambiguous === undefined) return undefined;
  throw refused(
    `the decimal mark is ambiguous: ${seen.ambiguous} may hold thousands or decimals; ${ask}`,
  );
}

function decideOrder({ dmy, mdy, ambiguous }: Seen<DateOrder>): DateOrder | undefined {
  const ask = "say --dates dmy or --dates mdy";
  if (dmy !== undefined && mdy !== undefined) {
    throw refused(
      `dates have the day first, as in ${dmy}, and the month first, as in ${mdy}; ${ask}`,
    );
  }
  if (dmy !== undefined) return "dmy";
  if (mdy !== undefined) return "mdy";
  if (ambiguous === undefined) return undefined;
  throw refused(`the date order is ambiguous, as in ${ambiguous}; ${ask}`);
}

function refused(reason: string): Error {
  return appError("badRequest", { reason });
}
