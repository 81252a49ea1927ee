import type { z } from "zod";
import { appError } from "./errors.ts";

/** The environment variables of the process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** One setting: the schema of its text, its default, and a sentence that describes it. */
export interface Setting<Schema extends z.ZodType = z.ZodType> {
  readonly schema: Schema;
  /** The default as text. A setting without default is required. */
  readonly default: string | undefined;
  readonly description: string;
  /** True if an absent setting becomes undefined. */
  readonly optional: boolean;
}

/** Settings of one service, by the names of the environment variables. */
export type SettingsDefinition = Readonly<Record<string, Setting>>;

/** The values of a definition. */
export type Settings<Definition extends SettingsDefinition> = {
  readonly [Name in keyof Definition]: z.output<Definition[Name]["schema"]>;
};

interface SettingOptions {
  readonly default?: string;
  readonly description: string;
}

/**
 * Describes one setting. Its schema parses text, usually with `z.coerce.number()` or `z.enum([...])`. A schema that
 * accepts undefined makes the setting optional.
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

/** Defines a service's settings. Keeps the literal types for `readSettings`. */
export function defineSettings<const Definition extends SettingsDefinition>(
  definition: Definition,
): Definition {
  return definition;
}

/** Reads all settings. Throws one `configInvalid` that lists all faults. */
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

/** Formats definitions as `.env.example`. Each name appears once. */
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

/** An empty variable counts as not set, as shells and compose files write it. */
function presentText(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === "" ? undefined : text.trim();
}
