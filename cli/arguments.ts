/** Readers of options and arguments; commander names the option, these give the reason. */
import { type ApiKeyScope, apiKeyScopes } from "@tillcast/accounts";
import { isCurrency, isDate, isTimeZone } from "@tillcast/schemas";
import { InvalidArgumentError } from "commander";
import { z } from "zod";

const nameLengthMax = 200;

function readBy<Output>(schema: z.ZodType<Output>, reason: string): (text: string) => Output {
  return (text) => {
    const parsed = schema.safeParse(text.trim());
    if (parsed.success) return parsed.data;
    throw new InvalidArgumentError(reason);
  };
}

/** An id as `create` commands print it. */
export const readId: (text: string) => string = readBy(
  z.guid().toLowerCase(),
  "It must be an id, such as 6f1f2a3e-0d1c-4a52-9a3e-2b1d5c7f8e90.",
);

/** Several ids, separated by commas. */
export const readIds = (text: string): string[] => text.split(",").map(readId);

/** A name that people will read. */
export const readName: (text: string) => string = readBy(
  z
    .string()
    .min(1)
    .max(nameLengthMax)
    .regex(/^\P{Cc}+$/u),
  `It must have 1 to ${nameLengthMax} characters, none of them a control character.`,
);

/** A time zone by its IANA name. */
export const readTimeZone: (text: string) => string = readBy(
  z.string().refine(isTimeZone),
  "It must be an IANA time zone, such as Europe/Berlin.",
);

/** A date of the calendar. */
export const readDate: (text: string) => string = readBy(
  z.string().refine(isDate),
  "It must be a date, such as 2026-03-03.",
);

/** A currency by its ISO 4217 code. */
export const readCurrency: (text: string) => string = readBy(
  z.string().refine(isCurrency),
  "It must be an ISO 4217 currency in capitals, such as EUR.",
);

/** A country by its ISO 3166 code. */
export const readCountry: (text: string) => string = readBy(
  z.string().regex(/^[A-Z]{2}$/),
  "It must be a two-letter ISO 3166 country in capitals, such as DE.",
);

/** A wall time as the minute of its day. */
export function readMinuteOfDay(text: string): number {
  const parts = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text.trim());
  if (parts === null) {
    throw new InvalidArgumentError("It must be a time of day from 00:00 to 23:59, such as 04:00.");
  }
  return Number(parts[1]) * 60 + Number(parts[2]);
}

/** An email address; upper and lower case are one. */
export const readEmail: (text: string) => string = readBy(
  z.string().max(320).toLowerCase().pipe(z.email()),
  "It must be an email address, such as ana@example.com.",
);

/** Permissions of an API key, separated by commas. */
export function readScopes(text: string): ApiKeyScope[] {
  const scope = readBy(z.enum(apiKeyScopes), `Scopes are ${apiKeyScopes.join(" and ")}.`);
  return [...new Set(text.split(",").map(scope))];
}

/** A whole number within bounds, both included. */
export const readWhole = (min: number, max: number): ((text: string) => number) =>
  readBy(
    z
      .string()
      .regex(/^-?\d+$/)
      .transform(Number)
      .pipe(z.int().min(min).max(max)),
    `It must be a whole number from ${min} to ${max}.`,
  );

/** A number within bounds, both included. */
export const readNumber = (min: number, max: number): ((text: string) => number) =>
  readBy(
    z
      .string()
      .regex(/^\d+(\.\d+)?$/)
      .transform(Number)
      .pipe(z.number().min(min).max(max)),
    `It must be a number from ${min} to ${max}.`,
  );
