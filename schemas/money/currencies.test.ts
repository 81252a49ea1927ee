import { expect, test } from "vitest";
import { currencyCodes, currencyExponent, isCurrency } from "./currencies.ts";

test("exponents are ISO 4217's, also where the engine's locale data has fewer digits", () => {
  const codes = [
    "EUR",
    "USD",
    "JPY",
    "KWD",
    "CLF",
    "UYW",
    "ISK",
    "CLP",
    "HUF",
    "IRR",
    "IQD",
    "MGA",
  ];
  expect(codes.map(currencyExponent)).toEqual([2, 2, 0, 3, 4, 4, 0, 0, 2, 2, 3, 2]);
});

test("the table holds the 165 active codes with a minor unit and 5 lately withdrawn ones, each once", () => {
  const codes = currencyCodes();
  expect(codes.length).toBe(165 + 5);
  expect(new Set(codes).size).toBe(codes.length);
  expect(codes).toEqual(codes.toSorted());
  expect(codes.filter((code) => !/^[A-Z]{3}$/.test(code))).toEqual([]);
});

test("every currency that the engine knows is known, apart from units of account and one long gone", () => {
  const unknown = Intl.supportedValuesOf("currency").filter((code) => !isCurrency(code));
  const noTillCurrency = ["CUC", "XDR", "XSU"];
  expect(unknown.filter((code) => !noTillCurrency.includes(code))).toEqual([]);
});

test("metals, test codes, lower case and other words are no currencies", () => {
  expect(["XAU", "XXX", "XTS", "eur", "EURO", "", "constructor"].filter(isCurrency)).toEqual([]);
});
