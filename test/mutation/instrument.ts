import ts from "typescript";
import type { Mutant } from "./find-mutants.ts";

/** A mutant with the number by which it is switched on. */
export interface NumberedMutant extends Mutant {
  readonly id: number;
}

/** The function that says whether a mutant is on; the runner puts it into the global scope. */
export const switchName = "__mutantIsOn";

/**
 * The file with all of its mutants in it at once, each behind a switch: nothing is written or loaded again
 * for the next one. The result is TypeScript that nobody checks for its types.
 */
export function instrument(file: ts.SourceFile, mutants: readonly NumberedMutant[]): string {
  const byPlace = Map.groupBy(mutants, ({ start, end }) => `${start} ${end}`);
  const seen = new Set<string>();
  const render = (node: ts.Node): string => {
    const start = node.getStart(file);
    const place = `${start} ${node.end}`;
    // A node may stand exactly where its only child does; the mutants are the outermost one's.
    const own = seen.has(place) ? [] : (byPlace.get(place) ?? []).filter((one) => fits(node, one));
    if (own.length > 0) seen.add(place);
    return own.length === 0 ? inner(node, start) : switched(inner(node, start), own);
  };
  const inner = (node: ts.Node, start: number): string => {
    let text = "";
    let at = start;
    ts.forEachChild(node, (child) => {
      const from = child.getStart(file);
      text += file.text.slice(at, from) + render(child);
      at = child.end;
    });
    return text + file.text.slice(at, node.end);
  };
  return file.text.slice(0, file.getStart(file)) + inner(file, file.getStart(file));
}

const isStatement = ({ kind, replacement }: Mutant): boolean =>
  kind === "statement" && replacement === "";

function fits(node: ts.Node, mutant: Mutant): boolean {
  return isStatement(mutant) === ts.isStatement(node);
}

function switched(text: string, mutants: readonly NumberedMutant[]): string {
  const [first] = mutants;
  if (first !== undefined && isStatement(first)) {
    // In a block, lest an `else` behind it went over to this `if`.
    return `{if(!${switchName}(${first.id})){${text}}}`;
  }
  const choices = mutants.map(({ id, replacement }) => `${switchName}(${id})?(${replacement}):`);
  return `(${choices.join("")}(${text}))`;
}
