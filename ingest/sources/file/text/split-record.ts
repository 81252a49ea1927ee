import { parse } from "csv-parse/sync";

/**
 * Splits one line into fields; undefined if a quote is not closed. A quote inside a field that does not start with
 * a quote is an ordinary character.
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
 * Splits several lines as one row with line breaks in a quoted field; undefined if they are not exactly one row. A
 * closing quote must be before a separator or the end.
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

/** The most frequent separator of a header: `,`, `;` or tab. */
export function separatorOf(header: string): string {
  const count = (separator: string): number => header.split(separator).length;
  return [",", ";", "\t"].reduce((best, one) => (count(one) > count(best) ? one : best));
}
