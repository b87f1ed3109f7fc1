import { createRequire } from 'node:module';
import type * as Acorn from 'acorn';

/** A node of the syntax tree, by the names of ESTree. */
export type Node = Acorn.AnyNode;
export type Expression = Acorn.Expression;
export type AnyFunction = Acorn.ArrowFunctionExpression | Acorn.FunctionExpression | Acorn.FunctionDeclaration;

let acorn: typeof Acorn | undefined;

/** Loaded when the first function is looked at, not before. */
function parser(): typeof Acorn {
  acorn ??= createRequire(import.meta.url)('acorn') as typeof Acorn;
  return acorn;
}

const STRICT = "'use strict';(";

/**
 * Parses an expression as strict code, as the cluster does; positions are those of the text. What Node reads is JavaScript
 * already, its types gone; what is newer than the engine on the cluster is an error.
 *
 * @throws SyntaxError with `pos`
 */
export function parseExpression(text: string): Expression {
  try {
    const tree = parser().parse(`${STRICT}${text}\n)`, { ecmaVersion: 2025, sourceType: 'script' });
    const statement = tree.body[1];
    if (tree.body.length !== 2 || statement?.type !== 'ExpressionStatement') throw new SyntaxError('no expression');
    moved(tree, STRICT.length);
    return statement.expression;
  } catch (error) {
    const { pos, message } = error as SyntaxError & { pos?: number };
    const plain = message.replace(/ \(\d+:\d+\)$/, '');
    throw Object.assign(new SyntaxError(plain), {
      pos: Math.min(text.length, Math.max(0, (pos ?? 0) - STRICT.length)),
    });
  }
}

function moved(tree: Node, by: number): void {
  walk(tree, (node) => {
    node.start -= by;
    node.end -= by;
  });
}

/** Goes through a tree, a node before what is in it. @param visit gives false to leave out what is in the node */
export function walk(node: Node, visit: (node: Node, parents: readonly Node[]) => unknown): void {
  const parents: Node[] = [];
  const go = (one: Node): void => {
    if (visit(one, parents) === false) return;
    parents.push(one);
    for (const child of children(one)) go(child);
    parents.pop();
  };
  go(node);
}

/** What is right in a node, in the order of the text. A shorthand property stands in the tree twice, and is given once. */
export function children(node: Node): Node[] {
  const found: Node[] = [];
  for (const value of Object.values(node)) {
    for (const part of Array.isArray(value) ? value : [value]) {
      if (typeof part === 'object' && part !== null && typeof (part as Node).type === 'string' && !found.includes(part))
        found.push(part as Node);
    }
  }
  return node.type === 'Property' && node.shorthand ? found.slice(-1) : found;
}

/** Whether it is a function. */
export function isFunction(node: Node | null | undefined): node is AnyFunction {
  return (
    node?.type === 'ArrowFunctionExpression' ||
    node?.type === 'FunctionExpression' ||
    node?.type === 'FunctionDeclaration'
  );
}
