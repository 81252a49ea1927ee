/**
 * The shape in which the release before wrote a record. A shape that changed is read old and new, and written
 * old until no process of the release before is at work any more (docs/adr/0020-words-that-can-grow.md).
 */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Schema, Type } from "avsc";

/** A part of a value that the frozen shape has no room for. */
export interface LostPart {
  /** The field, such as `lines.kind`. */
  readonly field: string;
  /** Where it stands, such as `lines.2.kind`. */
  readonly place: string;
  readonly value: unknown;
  /** Whether the field is there and only its word is not. */
  readonly isWord: boolean;
}

/** Fields that may be lost, each with the values for which that changes nothing. */
export type HarmlessLosses = Readonly<Record<string, (value: unknown) => boolean>>;

/** Writes and names the shape of the release before. */
export interface FrozenShape<T> {
  readonly schema: Schema;
  /** As that release computed it. */
  readonly fingerprint: Buffer;
  /** Throws for a word that the shape does not have; a field that it does not have is left out. */
  encode(value: T): Buffer;
  /** Everything that the shape cannot carry. */
  lostParts(value: T): readonly LostPart[];
  /** The first part whose loss would change what the record says. */
  unwritable(value: T): LostPart | undefined;
}

/** First 8 bytes of the SHA-256 of a schema's text; names the writer's schema. */
export const schemaFingerprint = (schema: Schema): Buffer =>
  createHash("sha256").update(JSON.stringify(schema)).digest().subarray(0, 8);

/** Reads a committed schema; `name` is its file's. */
export const frozenSchema = (name: string): Schema =>
  JSON.parse(readFileSync(new URL(`./frozen/${name}.avsc`, import.meta.url), "utf8")) as Schema;

/** Makes the frozen shape of a codec. */
export function makeFrozenShape<T>(
  schema: Schema,
  type: Type,
  harmless: HarmlessLosses,
): FrozenShape<T> {
  const names = namesIn(schema);
  const lostParts = (value: T): LostPart[] => {
    const lost: LostPart[] = [];
    collectLost({ schema, names, lost }, value, "", "");
    return lost;
  };
  return {
    schema,
    fingerprint: schemaFingerprint(schema),
    encode: (value) => type.toBuffer(value),
    lostParts,
    unwritable: (value) =>
      lostParts(value).find(
        ({ field, isWord, value: part }) => isWord || harmless[field]?.(part) !== true,
      ),
  };
}

interface RecordSchema {
  readonly type: "record";
  readonly name: string;
  readonly namespace?: string;
  readonly fields: readonly { readonly name: string; readonly type: Schema }[];
}

interface Walk {
  readonly schema: Schema;
  readonly names: ReadonlyMap<string, Schema>;
  readonly lost: LostPart[];
}

/** Walks a value beside the frozen schema; a field that is empty there loses nothing. */
function collectLost(walk: Walk, value: unknown, field: string, place: string): void {
  if (value === null || value === undefined) return;
  const schema = concrete(walk);
  const kind = (schema as { readonly type?: unknown }).type;
  if (kind === "array") {
    const { items } = schema as { readonly items: Schema };
    (value as readonly unknown[]).forEach((item, at) => {
      collectLost({ ...walk, schema: items }, item, field, `${place}.${at}`);
    });
  } else if (kind === "record") {
    const fields = new Map((schema as RecordSchema).fields.map((one) => [one.name, one.type]));
    for (const [name, part] of Object.entries(value)) {
      const [inner, at] = [joined(field, name), joined(place, name)];
      const type = fields.get(name);
      if (type !== undefined) collectLost({ ...walk, schema: type }, part, inner, at);
      else if (!isEmpty(part))
        walk.lost.push({ field: inner, place: at, value: part, isWord: false });
    }
  } else if (kind === "enum") {
    const { symbols } = schema as { readonly symbols: readonly string[] };
    if (!symbols.includes(String(value))) walk.lost.push({ field, place, value, isWord: true });
  }
}

const joined = (path: string, name: string): string => (path === "" ? name : `${path}.${name}`);

const isEmpty = (part: unknown): boolean =>
  part === null || part === undefined || (Array.isArray(part) && part.length === 0);

/** The schema itself, where a name or a union with null stands for it. */
function concrete({ schema, names }: Walk): Schema {
  const one = Array.isArray(schema) ? schema.find((option) => option !== "null") : schema;
  return typeof one === "string" ? (names.get(one) ?? one) : (one as Schema);
}

/** Named types by the names that stand for them. */
function namesIn(schema: Schema): Map<string, Schema> {
  const names = new Map<string, Schema>();
  const visit = (part: unknown, namespace: string): void => {
    if (Array.isArray(part)) {
      for (const one of part) visit(one, namespace);
    } else if (typeof part === "object" && part !== null) {
      const {
        name,
        namespace: own = namespace,
        fields,
        items,
        type,
      } = part as Record<string, never>;
      if (typeof name === "string" && (type === "record" || type === "enum")) {
        names.set(`${own}.${name}`, part as Schema);
      }
      visit(items, own);
      if (typeof type === "object") visit(type, own);
      for (const one of (fields ?? []) as readonly { readonly type: unknown }[]) {
        visit(one.type, own);
      }
    }
  };
  visit(schema, "");
  return names;
}
