import type ts from 'typescript';
import type { TypeScript } from '../tslab.js';
import { bindNames, isFreeShorthand } from './shorthand.js';

/** Text added to a line of generated code: from `column` (before all additions) on, positions are `length` later. */
export interface Insertion {
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

export interface Instrumented {
  readonly code: string;
  /** Whether an await stands outside of all functions, so that the code needs an async wrapper. */
  readonly awaits: boolean;
  /** By line, then column. */
  readonly insertions: readonly Insertion[];
}

/** The name under which instrumented code finds its runtime; not one a student would choose. */
export const runtimeName = '__streambook__';

/**
 * Makes a cell interruptible where it can block or wait. tslab runs cells as they are: a loop over a stream goes on after
 * Interrupt, and a loop that never awaits (after a first await) cannot be stopped by anything but a restart.
 *
 *     await EXPR                  ->  await __streambook__.wait(EXPR, line, column)
 *     for await (x of EXPR)       ->  for await (x of __streambook__.each(EXPR, line, column))
 *     while (..) BODY             ->  while (..) { __streambook__.flag[0] !== 0 && __streambook__.hit(); BODY }
 *     { name }                    ->  { name: exports.name }, where an earlier cell has declared it
 *     Object.defineProperty(exports, ..)  ->  __streambook__.Object.defineProperty(exports, ..)
 *
 * The last one is how TypeScript exports an imported name: as a getter, which a later cell could not replace. tslab makes
 * `exports` a proxy instead, and with it each assignment to a variable of a cell slow.
 *
 * Works on the emitted JavaScript, so types, hover and completion never see it. No line break is added.
 *
 * @param isEarlier whether an earlier cell has declared this name
 */
export function instrument(
  typescript: TypeScript,
  code: string,
  runtime = runtimeName,
  isEarlier: (name: string) => boolean = () => false,
): Instrumented {
  // As a module, because only there `await (...)` is no call.
  const { ES2022 } = typescript.ScriptTarget;
  const file = typescript.createSourceFile('cell.mjs', `${code}\nexport {};`, ES2022, true, typescript.ScriptKind.JS);
  bindNames(typescript, file);
  const additions: { readonly at: number; readonly text: string }[] = [];
  const add = (at: number, text: string): void => void additions.push({ at, text });
  let awaits = false;

  // What is added behind a node is added after its children's, so that inner brackets close first.
  const visit = (node: ts.Node, inFunction: boolean): void => {
    if (definesExport(typescript, node)) add(node.getStart(file), `${runtime}.`);
    if (isFreeShorthand(typescript, node) && isEarlier(node.name.text)) {
      add(node.name.getEnd(), `: exports.${node.name.text}`);
    }
    const wrapped = waitsFor(typescript, node);
    if (wrapped !== undefined) awaits ||= !inFunction;
    const within = inFunction || typescript.isFunctionLike(node) || typescript.isClassStaticBlockDeclaration(node);
    const body = typescript.isIterationStatement(node, false) ? node.statement : undefined;
    typescript.forEachChild(node, (child) => {
      if (child === wrapped?.expression) {
        const { line, character } = file.getLineAndCharacterOfPosition(child.getStart(file));
        add(child.getStart(file), `${runtime}.${wrapped.method}(`);
        visit(child, within);
        add(child.getEnd(), `, ${line}, ${character})`);
      } else if (child === body) {
        const block = typescript.isBlock(child);
        const check = `${runtime}.flag[0] !== 0 && ${runtime}.hit();`;
        add(block ? child.getStart(file) + 1 : child.getStart(file), block ? ` ${check}` : `{ ${check} `);
        visit(child, within);
        if (!block) add(child.getEnd(), ' }');
      } else visit(child, within);
    });
  };
  visit(file, false);
  return { awaits, ...apply(file, code, additions) };
}

function definesExport(typescript: TypeScript, node: ts.Node): boolean {
  if (!typescript.isCallExpression(node) || !typescript.isPropertyAccessExpression(node.expression)) return false;
  const { expression: object, name } = node.expression;
  const [target] = node.arguments;
  const isExports = target !== undefined && typescript.isIdentifier(target) && target.text === 'exports';
  return isExports && typescript.isIdentifier(object) && object.text === 'Object' && name.text === 'defineProperty';
}

/** The part of `node` that the cell waits for, and the runtime's method that waits. */
function waitsFor(typescript: TypeScript, node: ts.Node): { expression: ts.Expression; method: string } | undefined {
  if (typescript.isAwaitExpression(node)) return { expression: node.expression, method: 'wait' };
  if (typescript.isForOfStatement(node) && node.awaitModifier !== undefined)
    return { expression: node.expression, method: 'each' };
  return undefined;
}

function apply(
  file: ts.SourceFile,
  code: string,
  additions: readonly { readonly at: number; readonly text: string }[],
): { readonly code: string; readonly insertions: Insertion[] } {
  // Stable: at one place, what was added first (the outer node's) stands first.
  const sorted = [...additions].sort((a, b) => a.at - b.at);
  let result = '';
  let from = 0;
  const insertions: Insertion[] = [];
  for (const { at, text } of sorted) {
    result += code.slice(from, at) + text;
    from = at;
    const { line, character } = file.getLineAndCharacterOfPosition(at);
    insertions.push({ line, column: character, length: text.length });
  }
  return { code: result + code.slice(from), insertions };
}

/** From a column of the instrumented line back to the column before. */
export function columnBefore(insertions: readonly Insertion[], line: number, column: number): number {
  let shift = 0;
  for (const insertion of insertions) {
    if (insertion.line !== line) continue;
    if (insertion.column + shift + insertion.length > column) {
      // Inside the added text itself: the place where it was added.
      if (insertion.column + shift <= column) return insertion.column;
      break;
    }
    shift += insertion.length;
  }
  return column - shift;
}
