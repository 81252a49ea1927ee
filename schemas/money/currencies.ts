/**
 * Active codes of ISO 4217 list one by their exponent (digits of the minor unit). Metals, test codes
 * and units of account without a minor unit (XAU, XTS, XXX, XDR ...) are no till's currency.
 */
const activeCodes: Readonly<Record<number, string>> = {
  0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
  2: `AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF
    CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD
    GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL
    MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR
    PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP
    TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG`,
  3: "BHD IQD JOD KWD LYD OMR TND",
  4: "CLF UYW",
};

/** Withdrawn since 2022: no till takes them now, and a store's imported history still holds them. */
const withdrawnCodes: Readonly<Record<number, string>> = { 2: "ANG BGN HRK SLL ZWL" };

const exponents: ReadonlyMap<string, number> = new Map(
  [activeCodes, withdrawnCodes].flatMap((table) =>
    Object.entries(table).flatMap(([exponent, codes]) =>
      codes.split(/\s+/).map((code): [string, number] => [code, Number(exponent)]),
    ),
  ),
);

/** Digits of the minor unit of an ISO 4217 code in capitals (EUR 2, JPY 0, KWD 3); undefined if unknown. */
export function currencyExponent(code: string): number | undefined {
  return exponents.get(code);
}

/** Whether `code` is an ISO 4217 currency, in capitals, that a store's sales can be in. */
export function isCurrency(code: string): boolean {
  return exponents.has(code);
}

/** Every known currency code, sorted, for lists to choose from. */
export function currencyCodes(): string[] {
  return [...exponents.keys()].sort();
}
