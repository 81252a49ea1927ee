import { parse } from "csv-parse/sync";

/**
 * Splits one line into its fields; undefined where a quote is not closed on it. A quote inside a field that
 * does not begin with one is a letter like others.
 */
export function splitLine(text: string, separator: string): string[] | undefined {
  if (!text.includes('"')) return text.split(separator);
  try {
    const [fields] = parse(text, { delimiter: separator, relax_quotes: true }) as string[][];
    return fields ?? [""];
  } catch {
    return undefined; // The only fault a single line can have is an open quote.
  }
}

/**
 * Splits lines that may be one row because a quoted field holds line breaks; undefined where they are not
 * exactly one row by the strict rule, by which a closing quote stands before a separator or the end.
 */
export function splitLines(lines: readonly string[], separator: string): string[] | undefined {
  try {
    const text = lines.join("\n");
    const records = parse(text, { delimiter: separator, relax_column_count: true }) as string[][];
    return records.length === 1 ? records[0] : undefined;
  } catch {
    return undefined;
  }
}

/** The separator that a header has most: `,`, `;` or tab. */
export function separatorOf(header: string): string {
  const count = (separator: string): number => header.split(separator).length;
  return [",", ";", "\t"].reduce((best, one) => (count(one) > count(best) ? one : best));
}
