/** Public holidays by country, as dates. */

interface HolidayCalendar {
  getHolidays(year: number): readonly { readonly date: string; readonly type: string }[];
}

const datesByCountryYear = new Map<string, readonly string[]>();

/**
 * The public holidays of a country between two dates, both included. None where the country is
 * not known. The calendar is loaded when first asked for: it is large, and many stores name none.
 */
export async function holidaysOf(
  country: string | null,
  from: string,
  to: string,
): Promise<ReadonlySet<string>> {
  const dates = new Set<string>();
  if (country === null) return dates;
  for (let year = Number(from.slice(0, 4)); year <= Number(to.slice(0, 4)); year++) {
    for (const date of await holidaysOfYear(country, year)) {
      if (date >= from && date <= to) dates.add(date);
    }
  }
  return dates;
}

async function holidaysOfYear(country: string, year: number): Promise<readonly string[]> {
  const key = `${country}/${year}`;
  const known = datesByCountryYear.get(key);
  if (known !== undefined) return known;
  const { default: Holidays } = await import("date-holidays");
  const calendar = new (Holidays as unknown as new (country: string) => HolidayCalendar)(country);
  const dates = (calendar.getHolidays(year) ?? [])
    .filter((holiday) => holiday.type === "public")
    .map((holiday) => holiday.date.slice(0, 10));
  datesByCountryYear.set(key, dates);
  return dates;
}
