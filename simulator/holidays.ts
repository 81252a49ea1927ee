/**
 * Holidays on fixed dates with a factor for sales; 0 means closed. It is a small table for varied days and no real
 * calendar. The demo's stores never close on holidays, so that there are sales at every hour.
 */
const factorsByCountry: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  DE: {
    "01-01": 0.6,
    "02-14": 1.4,
    "05-01": 1.2,
    "10-03": 1.15,
    "12-24": 0.35,
    "12-25": 0.4,
    "12-26": 0.8,
    "12-31": 0.9,
  },
  GB: { "01-01": 0.45, "02-14": 1.1, "12-24": 0.8, "12-25": 0.3, "12-26": 0.4, "12-31": 0.8 },
  JP: {
    "01-01": 0.5,
    "01-02": 0.8,
    "01-03": 1.2,
    "04-29": 1.15,
    "05-03": 1.25,
    "05-04": 1.25,
    "05-05": 1.25,
    "08-11": 1.1,
    "11-03": 1.15,
    "12-31": 1.3,
  },
  US: {
    "01-01": 0.8,
    "02-14": 1.25,
    "07-04": 0.75,
    "10-31": 1.15,
    "11-11": 1.05,
    "12-24": 0.65,
    "12-25": 0.35,
    "12-31": 1.2,
  },
  NP: { "01-11": 1.1, "04-14": 1.3, "05-29": 1.1, "09-20": 1.1 },
  AU: { "01-01": 1.2, "01-26": 1.3, "04-25": 0.8, "12-25": 0, "12-26": 1.25, "12-31": 1.5 },
  KW: { "01-01": 1.1, "02-25": 1.5, "02-26": 1.5 },
};

/** The holiday factor of a date (YYYY-MM-DD): 1 on ordinary days, 0 if shops are closed. */
export function holidayFactor(country: string, date: string): number {
  return factorsByCountry[country]?.[date.slice(5)] ?? 1;
}
