/** Which passwords are refused, and why. Pure, but for the list that is read once. */
import { readFileSync } from "node:fs";
import { appError } from "@tillcast/core";

/** NIST SP 800-63B-4 asks for 15 without a second factor or 8 with one; a person remembers three words. */
export const passwordMinLength = 12;
/** A longer one costs only whoever sends it. */
export const passwordMaxLength = 1_000;

/** What is left without common words, own words, runs and the like has at least so many characters. */
const ownCharactersMin = 6;
/** Shorter words say nothing: "ana" is part of many. */
const wordMinLength = 4;
/** So many characters in a row are one step of the finger: `abc`, `321`, `qwe`, `aaa`. */
const runMinLength = 3;

const [words, whole] = readFileSync(new URL("./common-passwords.txt", import.meta.url), "utf8")
  .split("---\n")
  .map((part) => part.split("\n").filter((line) => line !== "" && !line.startsWith("#")));
const commonWords: readonly string[] = words ?? [];
const commonPasswords: ReadonlySet<string> = new Set(whole);

/**
 * Refuses a password that others would try: too short, a common one, common words or keyboard runs with padding,
 * or built from words of the account (email, tenant, stores). `field` is where the reason is shown.
 */
export function assertGoodPassword(
  password: string,
  { field, ownWords }: { readonly field: string; readonly ownWords: readonly string[] },
): void {
  const reason = passwordFault(password, ownWords);
  if (reason !== undefined) throw appError("validationFailed", { field, reason });
}

/** Why a password is refused; undefined where it is taken. */
export function passwordFault(password: string, ownWords: readonly string[]): string | undefined {
  const { length } = [...password];
  if (length < passwordMinLength) return `must have at least ${passwordMinLength} characters`;
  if (password.length > passwordMaxLength)
    return `must have at most ${passwordMaxLength} characters`;
  const plain = plainForm(password);
  if (commonPasswords.has(password.toLowerCase()) || commonPasswords.has(plain)) {
    return "is one of the most common passwords; choose another";
  }
  if (/^\d+$/.test(password)) return "has only digits; add words";
  if (isRepetition(plain)) return "repeats the same few characters; choose another";
  if (ownLength(without(plain, commonWords)) < ownCharactersMin) {
    return "is a common password with something added; choose words of your own";
  }
  const own = wordsOf(ownWords);
  if (ownLength(without(without(plain, own), commonWords)) < ownCharactersMin) {
    return "is built from the account's own name, email or stores; choose other words";
  }
  return undefined;
}

const leet: Readonly<Record<string, string>> = {
  "0": "o",
  "1": "i",
  "3": "e",
  "4": "a",
  "5": "s",
  "7": "t",
  "@": "a",
  $: "s",
  "!": "i",
};

/** Lower case, without accents. */
const plainForm = (text: string): string =>
  text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");

/** As `p4ssw0rd` reads. */
const unleet = (text: string): string => text.replace(/[013457@$!]/g, (sign) => leet[sign] ?? sign);

/** Takes words out, the longest first, also where signs stand for letters. */
function without(text: string, taken: readonly string[]): string {
  let rest = text;
  for (const word of [...taken].sort((a, b) => b.length - a.length)) {
    for (;;) {
      const at = rest.includes(word) ? rest.indexOf(word) : unleet(rest).indexOf(word);
      if (at < 0) break;
      rest = `${rest.slice(0, at)} ${rest.slice(at + word.length)}`;
    }
  }
  return rest;
}

/** Words of names and emails that are long enough to say something. */
export function wordsOf(names: readonly string[]): string[] {
  const parts = names.flatMap((name) => {
    const plain = plainForm(name);
    return [...plain.split(/[^\p{L}\p{N}]+/u), plain.replace(/[^\p{L}\p{N}]+/gu, "")];
  });
  return [...new Set(parts)].filter((word) => word.length >= wordMinLength);
}

/** Characters that are neither padding nor part of a run; digits count half, being years and counters. */
function ownLength(text: string): number {
  const left = [...withoutRuns(text)].filter((sign) => /[^\s\p{P}\p{S}]/u.test(sign));
  const digits = left.filter((sign) => /\d/.test(sign)).length;
  const signs = [...text].filter((sign) => /[\p{P}\p{S}]/u.test(sign)).length;
  return left.length - digits / 2 + signs / 2;
}

const keyboardRows = ["qwertyuiop", "qwertzuiop", "azertyuiop", "asdfghjkl", "zxcvbnm", "yxcvbnm"];

function withoutRuns(text: string): string {
  let rest = "";
  for (let at = 0; at < text.length; ) {
    const length = runLength(text, at);
    if (length < runMinLength) rest += text[at];
    at += length < runMinLength ? 1 : length;
  }
  return rest;
}

/** How many characters from `at` on follow each other in the alphabet, in counting, or on the keyboard. */
function runLength(text: string, at: number): number {
  let longest = 1;
  for (const step of [0, 1, -1]) {
    let length = 1;
    while (text.charCodeAt(at + length) - text.charCodeAt(at + length - 1) === step) length += 1;
    longest = Math.max(longest, length);
  }
  for (const row of keyboardRows.flatMap((one) => [one, [...one].reverse().join("")])) {
    let length = 1;
    while (at + length < text.length && row.includes(text.slice(at, at + length + 1))) length += 1;
    longest = Math.max(longest, length);
  }
  return longest;
}

/** `abcabcabcabc`, `ananasananas`: one block of at most half its length, again and again. */
const isRepetition = (text: string): boolean => /^(.{1,6})\1+.{0,3}$/u.test(text);
