/**
 * So many days with sales before the day in question make two of each weekday: with fewer, what a store
 * usually sells is not known well enough to call anything usual or unusual.
 */
export const DAYS_ENOUGH = 14;
