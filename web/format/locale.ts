/** The language of the words on the screen; one file per language holds them (`i18n/en.ts`). */
const language = "en";

/** Where words are English and the browser says no more, days are read first and clocks have 24 hours. */
const fallback = "en-GB";

/**
 * The locale of numbers and dates: the browser's own where it speaks the language of the words. Outside a
 * page there is no reader to ask, though Node too has a navigator.
 */
export const locale: string = preferred(globalThis.document ? navigator.languages : []);

function preferred(languages: readonly string[]): string {
  return languages.find((tag) => tag.startsWith(`${language}-`)) ?? fallback;
}
