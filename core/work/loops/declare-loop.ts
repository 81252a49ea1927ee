/** Every loop that works in the background is declared, so that one table tells of all of them. */

/** One loop, as `docs/loops.md` shows it. */
export interface LoopDeclaration {
  /** What metrics and log lines call it. */
  readonly name: string;
  /** What one turn does, in a phrase. */
  readonly does: string;
  /** The rest between turns in milliseconds, or the name of the setting that has it. */
  readonly every: number | string;
  /** One process of all does the work: the one that holds this lease. Absent, every process does. */
  readonly lease?: string;
  /** Whether the first turn comes at once or after a rest; default at once. */
  readonly first?: "at once" | "after a rest";
  /** How it ends when it is told to stop; default: after the turn under way. */
  readonly stops?: string;
}

const declared = new Map<string, LoopDeclaration>();

/** Declares a loop; each has a name of its own. */
export function declareLoop<const Declaration extends LoopDeclaration>(
  declaration: Declaration,
): Declaration {
  if (declared.has(declaration.name)) {
    throw new Error(`two loops are called "${declaration.name}"`);
  }
  declared.set(declaration.name, declaration);
  return declaration;
}

/** The loops of all modules that are loaded, by name. */
export function declaredLoops(): readonly LoopDeclaration[] {
  return [...declared.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
