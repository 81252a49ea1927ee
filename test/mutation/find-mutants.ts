import ts from "typescript";

/** The ways in which a line is made wrong. */
export const mutantKinds = [
  "arithmetic",
  "comparison",
  "boundary",
  "boolean",
  "condition",
  "return",
  "statement",
  "constant",
  "method",
] as const;
export type MutantKind = (typeof mutantKinds)[number];

/** One small wrong change of a file: the text from `start` to `end` becomes `replacement`. */
export interface Mutant {
  readonly kind: MutantKind;
  /** Counted from 1. */
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly original: string;
  /** An expression; empty for a statement that is left out. */
  readonly replacement: string;
}

/** What the type checker says an expression is, as far as wrong values are made of it. */
export type ValueKind = "bigint" | "number" | "string" | "boolean" | "array" | "nullable" | "other";

/** Asks the type checker about a node of the file. */
export type KindOf = (node: ts.Expression) => ValueKind;

/** Finds every mutant of a file, in the order of its text. */
export function findMutants(file: ts.SourceFile, kindOf: KindOf): Mutant[] {
  const mutants: Mutant[] = [];
  const add = (kind: MutantKind, node: ts.Node, replacement: string) => {
    const start = node.getStart(file);
    const line = file.getLineAndCharacterOfPosition(start).line + 1;
    const original = file.text.slice(start, node.end);
    if (original !== replacement)
      mutants.push({ kind, line, start, end: node.end, original, replacement });
  };
  const visit = (node: ts.Node): void => {
    // Types and imports are gone when the code runs.
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node)) return;
    if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return;
    mutateOperators(node, file, kindOf, add);
    mutateConditions(node, add);
    mutateLiterals(node, add);
    mutateReturns(node, file, kindOf, add);
    mutateStatements(node, add);
    mutateMethods(node, file, add);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return mutants;
}

type Add = (kind: MutantKind, node: ts.Node, replacement: string) => void;

const { SyntaxKind } = ts;

/** The other operator, and what kind of change that is. */
const swapped: ReadonlyMap<ts.SyntaxKind, readonly (readonly [MutantKind, string])[]> = new Map([
  [SyntaxKind.PlusToken, [["arithmetic", "-"]]],
  [SyntaxKind.MinusToken, [["arithmetic", "+"]]],
  [SyntaxKind.AsteriskToken, [["arithmetic", "/"]]],
  [SyntaxKind.SlashToken, [["arithmetic", "*"]]],
  [SyntaxKind.PercentToken, [["arithmetic", "*"]]],
  [SyntaxKind.AsteriskAsteriskToken, [["arithmetic", "*"]]],
  [SyntaxKind.PlusEqualsToken, [["arithmetic", "-="]]],
  [SyntaxKind.MinusEqualsToken, [["arithmetic", "+="]]],
  [SyntaxKind.AsteriskEqualsToken, [["arithmetic", "/="]]],
  [SyntaxKind.SlashEqualsToken, [["arithmetic", "*="]]],
  [SyntaxKind.EqualsEqualsEqualsToken, [["comparison", "!=="]]],
  [SyntaxKind.ExclamationEqualsEqualsToken, [["comparison", "==="]]],
  [
    SyntaxKind.LessThanToken,
    [
      ["comparison", ">="],
      ["boundary", "<="],
    ],
  ],
  [
    SyntaxKind.LessThanEqualsToken,
    [
      ["comparison", ">"],
      ["boundary", "<"],
    ],
  ],
  [
    SyntaxKind.GreaterThanToken,
    [
      ["comparison", "<="],
      ["boundary", ">="],
    ],
  ],
  [
    SyntaxKind.GreaterThanEqualsToken,
    [
      ["comparison", "<"],
      ["boundary", ">"],
    ],
  ],
  [SyntaxKind.AmpersandAmpersandToken, [["boolean", "||"]]],
  [SyntaxKind.BarBarToken, [["boolean", "&&"]]],
]);

function mutateOperators(node: ts.Node, file: ts.SourceFile, kindOf: KindOf, add: Add): void {
  if (ts.isBinaryExpression(node)) {
    const { left, right, operatorToken } = node;
    const isText = operatorToken.kind === SyntaxKind.PlusToken && kindOf(node) === "string";
    for (const [kind, operator] of isText ? [] : (swapped.get(operatorToken.kind) ?? [])) {
      add(kind, node, `${left.getText(file)} ${operator} ${right.getText(file)}`);
    }
    if (operatorToken.kind === SyntaxKind.QuestionQuestionToken) {
      add("boolean", node, left.getText(file));
    }
  }
  if (ts.isPrefixUnaryExpression(node)) {
    const operand = node.operand.getText(file);
    if (node.operator === SyntaxKind.ExclamationToken) add("boolean", node, operand);
    if (node.operator === SyntaxKind.MinusToken) add("arithmetic", node, operand);
  }
}

function mutateConditions(node: ts.Node, add: Add): void {
  if (ts.isIfStatement(node)) bothWays(node.expression, add);
  if (ts.isConditionalExpression(node)) bothWays(node.condition, add);
  if (ts.isWhileStatement(node)) add("condition", node.expression, "false");
  if (ts.isForStatement(node) && node.condition) add("condition", node.condition, "false");
}

function bothWays(condition: ts.Expression, add: Add): void {
  add("condition", condition, "true");
  add("condition", condition, "false");
}

function mutateLiterals(node: ts.Node, add: Add): void {
  if (node.kind === SyntaxKind.TrueKeyword) add("boolean", node, "false");
  if (node.kind === SyntaxKind.FalseKeyword) add("boolean", node, "true");
  const isName = ts.isPropertyAssignment(node.parent ?? node) && node.parent.getChildAt(0) === node;
  if (isName) return;
  if (ts.isBigIntLiteral(node)) add("constant", node, `${BigInt(digitsOf(node)) + 1n}n`);
  if (ts.isNumericLiteral(node)) add("constant", node, String(Number(digitsOf(node)) + 1));
}

const digitsOf = ({ text }: ts.LiteralLikeNode): string =>
  text.replace(/n$/, "").replaceAll("_", "");

function mutateReturns(node: ts.Node, file: ts.SourceFile, kindOf: KindOf, add: Add): void {
  const value = returnedBy(node);
  if (value === undefined || isSaidAlready(value)) return;
  const text = value.getText(file);
  const wrong: Readonly<Record<ValueKind, string>> = {
    bigint: `(${text}) + 1n`,
    number: `(${text}) + 1`,
    string: `(${text}) + "?"`,
    boolean: `!(${text})`,
    array: "[]",
    nullable: "null",
    other: "undefined",
  };
  add("return", value, wrong[kindOf(value)]);
}

function returnedBy(node: ts.Node): ts.Expression | undefined {
  if (ts.isReturnStatement(node)) return node.expression;
  if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) return node.body;
  return undefined;
}

/** Literals, comparisons and negations have a mutant of their own that does the same. */
function isSaidAlready(value: ts.Expression): boolean {
  if (ts.isBigIntLiteral(value) || ts.isNumericLiteral(value)) return true;
  if (value.kind === SyntaxKind.TrueKeyword || value.kind === SyntaxKind.FalseKeyword) return true;
  if (ts.isPrefixUnaryExpression(value)) return value.operator === SyntaxKind.ExclamationToken;
  if (!ts.isBinaryExpression(value)) return false;
  return (swapped.get(value.operatorToken.kind) ?? []).some(([kind]) => kind === "comparison");
}

function mutateStatements(node: ts.Node, add: Add): void {
  const isAlone =
    ts.isExpressionStatement(node) ||
    ts.isThrowStatement(node) ||
    ts.isContinueStatement(node) ||
    ts.isBreakStatement(node);
  if (isAlone) add("statement", node, "");
  if (ts.isReturnStatement(node) && isEarly(node)) add("statement", node, "");
}

/** A return at the end of its function, left out, returns all the same; one with a value has a mutant. */
function isEarly(node: ts.ReturnStatement): boolean {
  const { parent } = node;
  if (!ts.isBlock(parent)) return node.expression === undefined;
  return parent.statements.at(-1) !== node || !ts.isFunctionLike(parent.parent);
}

/** Calls that are exchanged for another, or left out so that what they were called on stays as it is. */
const otherMethods: ReadonlyMap<string, string> = new Map([
  ["min", "max"],
  ["max", "min"],
  ["some", "every"],
  ["every", "some"],
  ["floor", "ceil"],
  ["ceil", "floor"],
]);
const leftOut = new Set(["filter", "sort", "toSorted", "reverse", "slice", "trim"]);

function mutateMethods(node: ts.Node, file: ts.SourceFile, add: Add): void {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return;
  // Taken apart, a chain with `?.` would no longer end where it meets nothing.
  if (node.flags & ts.NodeFlags.OptionalChain) return;
  const { expression: target, name } = node.expression;
  const other = otherMethods.get(name.text);
  const values = node.arguments.map((argument) => argument.getText(file)).join(", ");
  if (other !== undefined) add("method", node, `${target.getText(file)}.${other}(${values})`);
  if (leftOut.has(name.text)) add("method", node, target.getText(file));
}
