import { describe, expect, test } from "vitest";
import { assertGoodPassword, passwordFault } from "./password-rules.ts";

const own = ["ana.moreno@trattoria-aurora.example", "Trattoria Aurora", "Prenzlauer Berg"];
const faultOf = (password: string) => passwordFault(password, own);

describe("a password", () => {
  test.each([
    "correct horse battery",
    "violet-tractor-ledger",
    "mein Fahrrad ist grün",
    "kT9#vLq2!xRw",
    "Xk3v9QzT7pLm",
    "der Ober trägt Blau 7",
    "ペンギンは夜にだけ歌うのです",
  ])("that nobody would try is taken: %s", (password) => {
    expect(faultOf(password)).toBeUndefined();
  });

  test.each([
    ["short", "1234567890a", /at least 12/],
    ["too long", "x7".repeat(600), /at most 1000/],
    ["a common one", "1q2w3e4r5t6y", /most common/],
    ["a common one in capitals", "PASSWORD1234", /most common/],
    ["one that a comic made famous", "CorrectHorseBatteryStaple", /most common/],
    ["only digits", "193847561029", /only digits/],
    ["a block again and again", "xyzkxyzkxyzk", /repeats/],
    ["a common word with a year", "Welcome!2026!!", /common password/],
    ["a common word in signs", "P@ssw0rd#2026", /common password/],
    ["two common words", "DragonMonkey99", /common password/],
    ["a walk over the keyboard", "qwertzuiop#1!", /common password/],
    ["the alphabet and counting", "abcdefgh-123456", /common password/],
    ["the tenant's name with a year", "Trattoria2026!", /common password|own name/],
    ["the tenant and the store", "aurora.prenzlauer", /own name/],
    ["the email", "ana.moreno@trattoria", /own name/],
    ["the name without its blank", "PrenzlauerBerg-1", /own name/],
  ])("that is %s is refused", (_what, password, reason) => {
    expect(faultOf(password)).toMatch(reason);
  });

  test("is refused at its field", () => {
    expect(() => assertGoodPassword("short", { field: "body.password", ownWords: [] })).toThrow(
      /^body\.password: must have at least 12 characters/,
    );
  });
});
