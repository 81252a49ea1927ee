import type { z } from "zod";
import { appError } from "./errors.ts";

/** The environment as the process gets it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** One setting: how its text becomes a value, its default as text, and a sentence about it. */
export interface Setting<Schema extends z.ZodType = z.ZodType> {
  readonly schema: Schema;
  /** Text as it would stand in the environment; a setting without default must be given. */
  readonly default: string | undefined;
  readonly description: string;
  /** True when an absent setting is read as undefined. */
  readonly optional: boolean;
}

/** Settings of one service by their names in the environment. */
export type SettingsDefinition = Readonly<Record<string, Setting>>;

/** The values that a definition yields. */
export type Settings<Definition extends SettingsDefinition> = {
  readonly [Name in keyof Definition]: z.output<Definition[Name]["schema"]>;
};

interface SettingOptions {
  readonly default?: string;
  readonly description: string;
}

/**
 * Describes one setting. Its schema gets text; `z.coerce.number()` and `z.enum([...])` are usual.
 * A schema that accepts undefined makes the setting optional.
 */
export function setting<Schema extends z.ZodType>(
  schema: Schema,
  options: SettingOptions,
): Setting<Schema> {
  return {
    schema,
    default: options.default,
    description: options.description,
    optional: options.default === undefined && isOptional(schema),
  };
}

/** Names a service's settings; keeps the literal types for `readSettings`. */
export function defineSettings<const Definition extends SettingsDefinition>(
  definition: Definition,
): Definition {
  return definition;
}

/** Reads all settings, and throws one `configInvalid` that lists every fault. */
export function readSettings<const Definition extends SettingsDefinition>(
  definition: Definition,
  env: Environment,
): Settings<Definition> {
  const faults: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, row] of Object.entries(definition)) {
    const text = presentText(env[name]) ?? row.default;
    if (text === undefined && !row.optional) {
      faults.push(`${name} is missing (${row.description})`);
      continue;
    }
    const parsed = row.schema.safeParse(text);
    if (parsed.success) values[name] = parsed.data;
    else faults.push(...parsed.error.issues.map((issue) => `${name}: ${issue.message}`));
  }
  if (faults.length > 0) throw appError("configInvalid", { faults: faults.join("; ") });
  return values as Settings<Definition>;
}

/** Writes definitions as the text of `.env.example`; equal names appear once. */
export function describeSettings(...definitions: readonly SettingsDefinition[]): string {
  const seen = new Set<string>();
  const blocks: string[] = [];
  for (const [name, row] of definitions.flatMap((definition) => Object.entries(definition))) {
    if (seen.has(name)) continue;
    seen.add(name);
    blocks.push(
      `# ${row.description}\n${row.default === undefined ? "# " : ""}${name}=${row.default ?? ""}`,
    );
  }
  return `${blocks.join("\n\n")}\n`;
}

function isOptional(schema: z.ZodType): boolean {
  return schema.safeParse(undefined).success;
}

/** An empty variable is what shells and compose files write for "not set". */
function presentText(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === "" ? undefined : text.trim();
}
