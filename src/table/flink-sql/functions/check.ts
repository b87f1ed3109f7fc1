import type { FunctionSource } from '../../functions/source.js';
import { checkDates } from './dates.js';
import { type FreeName, freeNames } from './free-names.js';
import { BARRED, BUILT_IN, barredMethod, IMPURE, OF_NODE } from './globals.js';
import { type FunctionText, refuse } from './refusal.js';
import { type AnyFunction, isFunction, type Node, walk } from './syntax.js';

/**
 * Refuses what a cluster would not run as this process does: what is not there, and what differs from machine to machine.
 *
 * @param tree the whole text: what was captured, and the function
 * @throws FunctionRefusal
 */
export function checkFunction(source: FunctionSource, of: FunctionText, tree: Node, fn: AnyFunction): void {
  const no: No = (node, what, hint) => refuse(of, node.start, node.end, what, hint);
  const pure = source.deterministic;
  // What was captured stands around it in a function of ours.
  const depth = tree === fn ? 0 : 1;
  if (fn.generator && source.gives !== 'rows') {
    no(
      fn,
      'it is a generator, and one value is asked for',
      'return the value; flatMap and tableFunction take generators',
    );
  }
  walk(tree, (node, parents) => {
    switch (node.type) {
      case 'ArrowFunctionExpression':
      case 'FunctionExpression':
      case 'FunctionDeclaration':
        if (node.async)
          no(
            head(node as AnyFunction),
            'it waits (async), and a row is computed at once',
            'compute it without waiting',
          );
        return;
      case 'AwaitExpression':
        return no(node, 'it waits (await), and a row is computed at once', 'compute it without waiting');
      case 'ImportExpression':
        return no(node, 'it loads a module, and a cluster has none of yours', 'write what you need into the function');
      case 'ThisExpression':
        if (!hasOwnThis(parents, depth))
          no(node, '`this` is nothing on a cluster', 'take what you need as an argument, or capture it');
        return;
      case 'MemberExpression':
        member(node, no, pure);
        return;
      default:
    }
  });
  checkDates(tree, no, pure);
  for (const free of freeNames(tree)) checkName(free, source, no);
}

/** How TypeScript, Vite and esbuild call what was imported. */
const IMPORT = /_\d+_*$|^import_/;

type No = (node: Node, what: string, hint: string) => never;

/** The first word of a function, and not all of it. */
function head(fn: AnyFunction): Node {
  return { ...fn, end: fn.start + 'async'.length } as AnyFunction;
}

/** Whether the closest function with a `this` of its own is one inside of the user's, or a class. */
function hasOwnThis(parents: readonly Node[], depth: number): boolean {
  const functions = parents.filter(isFunction);
  const owner = functions.findLastIndex((one) => one.type !== 'ArrowFunctionExpression');
  return owner > depth || parents.some((one) => one.type === 'ClassBody');
}

function member(node: Extract<Node, { type: 'MemberExpression' }>, no: No, pure: boolean): void {
  const { object, property } = node;
  const name = !node.computed && property.type === 'Identifier' ? property.name : undefined;
  if (name === undefined) return;
  const whole = object.type === 'Identifier' ? `${object.name}.${name}` : '';
  const impure = IMPURE.get(whole);
  if (impure !== undefined && pure) {
    no(node, `\`${whole}\`: ${impure}`, 'say so: { deterministic: false }; or take the value from a column');
  }
  const barred = barredMethod(name);
  if (barred !== undefined) no(property, `\`${name}\`: ${barred[0]}`, barred[1]);
}

function checkName({ name, node, parents }: FreeName, source: FunctionSource, no: No): void {
  const parent = parents.at(-1);
  const property =
    parent?.type === 'MemberExpression' && parent.object === node && !parent.computed ? parent.property : undefined;
  const used = property?.type === 'Identifier' ? property.name : undefined;
  if (Object.hasOwn(source.constants, name) || name === '__name') return;
  if (name === 'exports') {
    if (used === 'Timestamp' || (used !== undefined && Object.hasOwn(source.constants, used))) return;
    // What a cell declares is called so in its JavaScript.
    outside(used ?? name, parent ?? node, source, no);
  }
  if (BUILT_IN.has(name)) return;
  const barred = BARRED.get(name);
  if (barred !== undefined) no(node, `\`${name}\`: ${barred[0]}`, barred[1]);
  if (OF_NODE.has(name)) {
    no(node, `\`${name}\` is of Node, and a cluster has none of it`, 'do it without: ECMAScript itself is there');
  }
  if (name === 'require') {
    no(node, '`require` loads a module, and a cluster has none of yours', 'write what you need into the function');
  }
  if (used !== undefined && IMPORT.test(name)) {
    if (used === 'Timestamp') return;
    no(
      parent as Node,
      `\`${used}\` is imported, and a cluster has no modules`,
      `write it into the function, or capture it: { captured: { ${used} } }`,
    );
  }
  outside(name, node, source, no);
}

function outside(name: string, node: Node, { label, takes }: FunctionSource, no: No): never {
  if (name === label) {
    no(
      node,
      `it calls itself, and \`${name}\` is a variable outside of it`,
      `write it as: function ${name}(...) { ... }`,
    );
  }
  const call = takes === 'row' ? `udf(..., { captured: { ${name} } })` : `{ accepts, returns, captured: { ${name} } }`;
  no(node, `\`${name}\` is a variable outside of it`, `capture it: ${call}`);
}
