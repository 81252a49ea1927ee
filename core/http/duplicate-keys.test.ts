import fc from "fast-check";
import { expect, test } from "vitest";
import { duplicateKey } from "./duplicate-keys.ts";

const found = (text: string) => duplicateKey(Buffer.from(text), JSON.parse(text));

test.each([
  ['{"a":1,"a":2}', "a"],
  ['{"a":{"b":1,"c":[{"d":1},{"d":2, "d" :3}]}}', "d"],
  ['[{"é":1},{"\\u00e9":1,"é":2}]', "é"],
  ['{"a\\"b:{":1,"x":"a\\\\","a\\"b:{":2}', 'a"b:{'],
  ['{"":1,"":2}', ""],
  ['{"1":1,"0":2,"1":3}', "1"],
])("%s has %s twice", (text, key) => {
  expect(found(text)).toBe(key);
});

test.each([
  '{"a":{"a":{"a":1}},"b":[{"a":1},{"a":1}]}',
  '{"a":"a\\":\\"a","b":"{\\"a\\":1,\\"a\\":2}"}',
  '{"a":"\\\\","b":"\\\\\\":"}',
  '"a:b"',
  "[1, null, true, []]",
])("%s has none twice", (text) => {
  expect(found(text)).toBeUndefined();
});

test("whatever is written as JSON has none, and one more of any key is found", () => {
  fc.assert(
    fc.property(fc.json(), fc.string(), (text, key) => {
      expect(found(text)).toBeUndefined();
      const name = JSON.stringify(key);
      if (key === "__proto__") return;
      expect(found(`[${text},{${name}:${text},${name}:1}]`)).toBe(key);
    }),
  );
});
