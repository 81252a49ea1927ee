/** Verdicts remembered; there are about 600 names, the rest are misspellings. */
const VERDICTS_MAX = 1024;

const areas =
  /^(?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Brazil|Canada|Chile|Etc|Europe|Indian|Mexico|Pacific|US)(?:\/[A-Z][A-Za-z0-9_+-]*)+$/;

/** IANA's names without an area; the engine knows other short names, such as "ACT", that IANA does not. */
const plainNames: ReadonlySet<string> = new Set(
  `CET CST6CDT Cuba EET EST EST5EDT Egypt Eire GB GB-Eire GMT GMT+0 GMT-0 GMT0 Greenwich HST Hongkong
  Iceland Iran Israel Jamaica Japan Kwajalein Libya MET MST MST7MDT NZ NZ-CHAT Navajo PRC PST8PDT Poland
  Portugal ROC ROK Singapore Turkey UCT UTC Universal W-SU WET Zulu`.split(/\s+/),
);

const verdicts = new Map<string, boolean>();

/** Whether `zone` is an IANA time zone's name or link, in IANA's spelling; offsets as "+02:00" are none. */
export function isTimeZone(zone: string): boolean {
  if (!plainNames.has(zone) && !areas.test(zone)) return false;
  let verdict = verdicts.get(zone);
  if (verdict === undefined) {
    verdict = isKnownToEngine(zone); // About 0.1 ms, and asked for with every pushed order.
    if (verdicts.size >= VERDICTS_MAX) verdicts.clear();
    verdicts.set(zone, verdict);
  }
  return verdict;
}

/** The release of the tz database in use, such as "2026c"; "unknown" where the engine does not tell. */
export function tzdataVersion(): string {
  return globalThis.process?.versions?.tz ?? "unknown";
}

function isKnownToEngine(zone: string): boolean {
  try {
    const format = new Intl.DateTimeFormat("en-US", { timeZone: zone });
    const canonical = format.resolvedOptions().timeZone;
    return canonical === zone || canonical.toLowerCase() !== zone.toLowerCase();
  } catch {
    return false; // The only fault that the constructor can find here is an unknown zone.
  }
}
