import type ts from 'typescript';
import type { TypeScript } from '../tslab.js';

/** TypeScript's binder, which its public types do not name: it notes on each node which names are declared there. */
interface Binder {
  bindSourceFile(file: ts.SourceFile, options: object): void;
}

/** What the binder leaves on a node that is a scope. */
interface Scope {
  readonly locals?: ReadonlyMap<string, unknown>;
}

/** Finds out which names the file declares, and where; once, before {@link isFree}. */
export function bindNames(typescript: TypeScript, file: ts.SourceFile): void {
  (typescript as unknown as Binder).bindSourceFile(file, {});
}

/**
 * Whether `node` is `name` in `{ name }` (an object, or the target of an assignment), where nothing in the file declares
 * that name for it. tslab puts `exports.` before the names of earlier cells everywhere but here.
 */
export function isFreeShorthand(typescript: TypeScript, node: ts.Node): node is ts.ShorthandPropertyAssignment {
  return typescript.isShorthandPropertyAssignment(node) && isFree(typescript, node, node.name.text);
}

function isFree(typescript: TypeScript, from: ts.Node, name: string): boolean {
  for (let node: ts.Node | undefined = from; node !== undefined; node = node.parent) {
    if ((node as Scope).locals?.has(name) === true) return false;
    if (typescript.isFunctionExpression(node) && node.name?.text === name) return false;
    if (typescript.isClassExpression(node) && node.name?.text === name) return false;
  }
  return true;
}
