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
      case 'VariableDeclarator':
        taken(node, no, pure);
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
  const { object, property, computed } = node;
  const name = nameOf(property, computed);
  if (name !== undefined) used(object, name, node, property, no, pure);
}

/** `const { random } = Math` takes what `Math.random` is. */
function taken({ id, init }: Extract<Node, { type: 'VariableDeclarator' }>, no: No, pure: boolean): void {
  if (id.type !== 'ObjectPattern' || init == null) return;
  const ofClass = init.type === 'MemberExpression' && nameOf(init.property, init.computed) === 'prototype';
  if (init.type !== 'Identifier' && !ofClass) return;
  for (const part of id.properties) {
    const name = part.type === 'Property' ? nameOf(part.key, part.computed) : undefined;
    // A name out of a row may be that of a column.
    if (name !== undefined && (ofClass || /^(Math|Date)$/.test((init as { name: string }).name))) {
      used(init, name, part, part, no, pure);
    }
  }
}

function nameOf(key: Node, computed: boolean): string | undefined {
  if (!computed && key.type === 'Identifier') return key.name;
  return key.type === 'Literal' && typeof key.value === 'string' ? key.value : undefined;
}

function used(object: Node, name: string, whole: Node, at: Node, no: No, pure: boolean): void {
  const full = object.type === 'Identifier' ? `${object.name}.${name}` : '';
  const impure = IMPURE.get(full);
  if (impure !== undefined && pure) {
    no(whole, `\`${full}\`: ${impure}`, 'say so: { deterministic: false }; or take the value from a column');
  }
  const barred = barredMethod(name);
  if (barred !== undefined) no(at, `\`${name}\`: ${barred[0]}`, barred[1]);
}

/** Where a name is used for what it is, and not handed on: there it cannot be seen what is done with it. */
function isUsedHere({ node, parents }: FreeName): boolean {
  const parent = parents.at(-1);
  switch (parent?.type) {
    case 'MemberExpression':
      return parent.object === node && nameOf(parent.property, parent.computed) !== undefined;
    case 'CallExpression':
    case 'NewExpression':
      return parent.callee === node;
    case 'VariableDeclarator':
      return parent.init === node && parent.id.type === 'ObjectPattern' && !parent.id.properties.some(isHidden);
    case 'BinaryExpression':
    case 'UnaryExpression':
      return true;
    default:
      return false;
  }
}

const isHidden = (part: Node): boolean => part.type !== 'Property' || nameOf(part.key, part.computed) === undefined;

function checkName(free: FreeName, source: FunctionSource, no: No): void {
  const { name, node, parents } = free;
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
  if (/^(Math|Date)$/.test(name) && !isUsedHere(free)) {
    no(
      node,
      `\`${name}\` is handed on, and what is done with it cannot be seen`,
      `name what you need: ${name}.xyz(...)`,
    );
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
