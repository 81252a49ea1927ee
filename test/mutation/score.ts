import type { Mutant } from "./find-mutants.ts";
import type { MutatedFile } from "./read-sources.ts";
import type { Outcome } from "./shard-job.ts";

/** How a mutant ended. */
export type Ending = Exclude<Outcome, "begun" | "atLoad">;

/** A survivor that changes nothing that anybody could see, with the reason. */
export interface Explained {
  readonly path: string;
  /** The line as it stands, without the blanks around it; numbers of lines move. */
  readonly code: string;
  readonly original: string;
  readonly replacement: string;
  /** Why the two mean the same. */
  readonly reason: string;
}

/** A mutant with its place and ending. */
export interface TriedMutant extends Mutant {
  readonly path: string;
  readonly code: string;
  readonly ending: Ending;
  /** The test that failed. */
  readonly by?: string;
  readonly explained?: string;
}

/** What a target's tests are worth. */
export interface Score {
  readonly name: string;
  readonly mutants: number;
  readonly killed: number;
  readonly timedOut: number;
  /** Not noticed, without those that are explained. */
  readonly survived: number;
  readonly unreached: number;
  readonly explained: number;
  /** Noticed, of those that are not explained, in per cent. */
  readonly percent: number;
  /** Explanations of these files that no survivor needs. */
  readonly needless: readonly Explained[];
}

/** Puts mutants and endings together. */
export function triedMutants(
  files: readonly (MutatedFile & { readonly text: string })[],
  endings: ReadonlyMap<number, { readonly ending: Ending; readonly by?: string }>,
  explanations: readonly Explained[],
): TriedMutant[] {
  return files.flatMap(({ path, text, mutants }) => {
    const lines = text.split("\n");
    return mutants.map(({ id, ...mutant }) => {
      const code = lines[mutant.line - 1]?.trim() ?? "";
      const found = endings.get(id) ?? { ending: "unreached" as const };
      const tried = { ...mutant, path, code, ...found };
      const why = explanations.find((one) => isAbout(one, tried))?.reason;
      return why === undefined || isNoticed(tried) ? tried : { ...tried, explained: why };
    });
  });
}

const isAbout = (one: Explained, mutant: Omit<Explained, "reason">): boolean =>
  one.path === mutant.path &&
  one.code === mutant.code &&
  one.original === mutant.original &&
  one.replacement === mutant.replacement;

const isNoticed = ({ ending }: { readonly ending: Ending }): boolean =>
  ending === "killed" || ending === "timedOut";

/** Adds up one target. */
export function scoreOf(
  name: string,
  tried: readonly TriedMutant[],
  explanations: readonly Explained[],
): Score {
  const count = (ending: Ending) =>
    tried.filter((one) => one.ending === ending && one.explained === undefined).length;
  const explained = tried.filter((one) => one.explained !== undefined).length;
  const [killed, timedOut] = [count("killed"), count("timedOut")];
  const judged = tried.length - explained;
  const paths = new Set(tried.map(({ path }) => path));
  return {
    name,
    mutants: tried.length,
    killed,
    timedOut,
    survived: count("survived"),
    unreached: count("unreached"),
    explained,
    percent: judged === 0 ? 100 : (100 * (killed + timedOut)) / judged,
    needless: explanations.filter(
      (one) =>
        paths.has(one.path) &&
        !tried.some((mutant) => mutant.explained !== undefined && isAbout(one, mutant)),
    ),
  };
}

/** One line a target. */
export function scoreLine(score: Score, floor: number | undefined): string {
  const { name, mutants, killed, timedOut, survived, unreached, explained } = score;
  const against = floor === undefined ? "" : `, floor ${floor} %`;
  return `${name}: ${mutants} mutants, ${killed} killed, ${timedOut} timed out, ${survived} survived, ${unreached} without a test, ${explained} explained; score ${shown(score.percent)} %${against}`;
}

/** Rounded down, so that what is below a floor never looks as if it reached it. */
const shown = (percent: number): string => (Math.floor(percent * 10) / 10).toFixed(1);

const textMax = 60;
const cut = (text: string): string => {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length > textMax ? `${line.slice(0, textMax)}...` : line;
};

/** One line a mutant that nobody noticed. */
export function survivorLine(mutant: TriedMutant): string {
  const { path, line, kind, original, replacement, ending } = mutant;
  const change =
    replacement === ""
      ? `without \`${cut(original)}\``
      : `\`${cut(original)}\` -> \`${cut(replacement)}\``;
  const what = ending === "unreached" ? "without a test" : ending;
  return `  ${what} ${path}:${line} ${kind}: ${change}`;
}
