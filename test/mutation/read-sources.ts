import { globSync } from "node:fs";
import { basename, join } from "node:path";
import ts from "typescript";
import { findMutants, type KindOf, type ValueKind } from "./find-mutants.ts";
import type { NumberedMutant } from "./instrument.ts";
import type { Target } from "./targets.ts";

/** A source file and all of its mutants. */
export interface MutatedFile {
  /** Path below the root. */
  readonly path: string;
  readonly mutants: readonly NumberedMutant[];
}

const isTest = (path: string): boolean => path.endsWith(".test.ts");

/** Files that patterns name below a folder, in the order of their names. */
export const filesOf = (root: string, patterns: readonly string[]): string[] =>
  patterns.flatMap((pattern) => globSync(pattern, { cwd: root })).toSorted();

/** The test files of a target: those that need nothing but themselves. */
export const unitTestsOf = (root: string, { tests }: Target): string[] =>
  filesOf(root, tests).filter((path) => isTest(path) && basename(path).split(".").length === 3);

/** Finds the mutants of a target's files, numbered from 1 through all of them. */
export function readTarget(root: string, target: Target): MutatedFile[] {
  const paths = filesOf(root, target.sources).filter(
    (path) => !isTest(path) && basename(path) !== "index.ts",
  );
  const program = ts.createProgram(
    paths.map((path) => join(root, path)),
    {
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      target: ts.ScriptTarget.ESNext,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      allowImportingTsExtensions: true,
      noUncheckedIndexedAccess: true,
    },
  );
  const checker = program.getTypeChecker();
  const kindOf: KindOf = (node) => valueKind(checker, checker.getTypeAtLocation(node));
  let id = 0;
  return paths.map((path) => {
    const file = program.getSourceFile(join(root, path));
    if (file === undefined) throw new Error(`${path} could not be read`);
    const mutants = findMutants(file, kindOf).map((mutant) => {
      id += 1;
      return { ...mutant, id };
    });
    return { path, mutants };
  });
}

function valueKind(checker: ts.TypeChecker, type: ts.Type): ValueKind {
  const has = (flags: ts.TypeFlags) => (type.flags & flags) !== 0;
  if (has(ts.TypeFlags.BigIntLike)) return "bigint";
  if (has(ts.TypeFlags.NumberLike)) return "number";
  if (has(ts.TypeFlags.StringLike)) return "string";
  if (has(ts.TypeFlags.BooleanLike)) return "boolean";
  if (checker.isArrayLikeType(type)) return "array";
  if (!type.isUnion()) return "other";
  const kinds = new Set(
    type.types.map((one) => (one.flags & ts.TypeFlags.Null ? "nullable" : valueKind(checker, one))),
  );
  if (kinds.has("nullable")) return "nullable";
  const [only] = kinds;
  return kinds.size === 1 && only !== undefined ? only : "other";
}
