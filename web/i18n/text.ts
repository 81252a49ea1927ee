import { en } from "./en.ts";

/** Names of the texts; a language's file holds one sentence for each. */
export type TextKey = keyof typeof en;

/** The placeholders of a sentence: "{net} so far" has "net". */
type Placeholder<Sentence extends string> = Sentence extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholder<Rest>
  : never;
type Values<Key extends TextKey> = Record<Placeholder<(typeof en)[Key]>, string>;
type Arguments<Key extends TextKey> = [Placeholder<(typeof en)[Key]>] extends [never]
  ? []
  : [values: Values<Key>];

/** A piece of a sentence; `name` tells the placeholder that it fills, so that it can be set apart. */
export interface Part {
  readonly text: string;
  readonly name?: string;
}

/** The sentence of a key with its placeholders filled: `text("late", { time: "12:41" })`. */
export function text<Key extends TextKey>(key: Key, ...values: Arguments<Key>): string {
  return parts(key, ...values)
    .map((part) => part.text)
    .join("");
}

/** The same in pieces. */
export function parts<Key extends TextKey>(key: Key, ...[values]: Arguments<Key>): Part[] {
  const known = (values ?? {}) as Record<string, string>;
  return en[key]
    .split(/(\{\w+\})/)
    .filter((piece) => piece !== "")
    .map((piece) => {
      const name = /^\{(\w+)\}$/.exec(piece)?.[1];
      return name === undefined ? { text: piece } : { text: known[name] ?? "", name };
    });
}
