import { type FunctionSource, functionText, visibleText, writtenText } from '../../functions/source.js';
import { checkFunction } from './check.js';
import { partsOf } from './parts.js';
import { type FunctionText, refuse } from './refusal.js';
import { rememberSent } from './sent.js';
import { type AnyFunction, isFunction, type Node, parseExpression, walk } from './syntax.js';

/** A function that was read, and may be sent. */
export interface ReadFunction {
  readonly source: FunctionSource;
  /** The function alone. */
  readonly fn: AnyFunction;
  readonly text: FunctionText;
}

const read = new WeakMap<FunctionSource, ReadFunction>();

/**
 * Reads the text of a function, and checks that a cluster would run it as this process does.
 *
 * @throws FunctionRefusal
 */
export function readFunction(source: FunctionSource): ReadFunction {
  const known = read.get(source);
  if (known !== undefined) return known;
  const own = writtenText(String(source.fn));
  const whole = visibleText(own, writtenText(source.declarations));
  const text: FunctionText = { label: source.label, text: whole, parts: partsOf(whole, source) };
  const fn = parsed(own, { ...text, text: own, parts: partsOf(own, source) }, true);
  checkFunction(source, text, own === whole ? fn : parsed(whole, text, false), fn as AnyFunction);
  const made = { source, fn: fn as AnyFunction, text };
  read.set(source, made);
  return made;
}

function parsed(code: string, of: FunctionText, alone: boolean): Node {
  const end = code.indexOf('\n') < 0 ? code.length : code.indexOf('\n');
  const no = (what: string, hint: string): never => refuse(of, 0, end, what, hint);
  if (/\{\s*\[native code\]\s*\}$/.test(code)) {
    no('it is built in or bound, and has no text', 'write it out: (value) => ...');
  }
  if (/^class\b/.test(code)) no('it is a class, and no function', 'write it as (value) => ...');
  try {
    const tree = parseExpression(code);
    if (isFunction(tree) || !alone) return tree;
    return no('it is no function', 'write it as (value) => ...');
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    if (isMethod(code))
      no('it is a method of an object or a class', 'write it as (value) => ..., or function name(value) { ... }');
    const { pos = 0, message } = error as SyntaxError & { pos?: number };
    return refuse(of, pos, pos + 1, `its syntax is not that of ECMAScript 2022: ${message}`, 'write it in older words');
  }
}

function isMethod(code: string): boolean {
  try {
    parseExpression(`{${code}}`);
    return true;
  } catch {
    return /^(static|get|set)\s/.test(code);
  }
}

/** Which fields of its row a function reads, by their positions; all, where that cannot be seen. */
export function usedFields({ source, fn }: ReadFunction): number[] {
  const all = source.accepts.map((_, i) => i);
  const used = source.takes === 'row' ? namesUsed(fn) : undefined;
  if (used === undefined) return all;
  const names = source.accepts.map(({ name }) => name);
  // A name that is no column may be a method that looks at all of them.
  if ([...used].some((name) => !names.includes(name))) return all;
  return all.filter((i) => used.has(names[i] as string));
}

function namesUsed(fn: AnyFunction): Set<string> | undefined {
  const [row, ...more] = fn.params;
  if (more.length > 0 || usesArguments(fn)) return undefined;
  const used = new Set<string>();
  if (row === undefined) return used;
  if (row.type === 'ObjectPattern') {
    for (const part of row.properties) {
      const name = part.type === 'Property' ? keyOf(part.key, part.computed) : undefined;
      if (name === undefined) return undefined;
      used.add(name);
    }
    return used;
  }
  if (row.type !== 'Identifier') return undefined;
  let whole = false;
  walk(fn.body, (node, parents) => {
    const parent = parents.at(-1);
    if (parent?.type === 'MemberExpression' && node === parent.property && !parent.computed) return;
    if (node.type !== 'Identifier' || node.name !== row.name) return;
    const name =
      parent?.type === 'MemberExpression' && node === parent.object
        ? keyOf(parent.property, parent.computed)
        : undefined;
    if (name === undefined) whole = true;
    else used.add(name);
  });
  return whole ? undefined : used;
}

function usesArguments(fn: AnyFunction): boolean {
  let found = false;
  walk(fn, (node) => {
    if (node.type === 'Identifier' && node.name === 'arguments') found = true;
  });
  return found;
}

function keyOf(key: Node, computed: boolean): string | undefined {
  if (!computed && key.type === 'Identifier') return key.name;
  return key.type === 'Literal' && typeof key.value === 'string' ? key.value : undefined;
}

/** What the cluster evaluates: with a first line that says how messages call the function, and count its lines. */
export function sentText({ source }: ReadFunction, used: readonly number[]): string {
  const own = writtenText(String(source.fn));
  let expression = functionText(own, writtenText(source.declarations), Object.keys(source.constants));
  if (source.takes === 'row') {
    const fields = used.map((i) => `[${JSON.stringify(source.accepts[i]?.name)}]: a${i}`).join(', ');
    const values = used.map((i) => `a${i}`).join(', ');
    const one = source.gives === 'row' ? `[f({ ${fields} })]` : `f({ ${fields} })`;
    expression = `((f) => (${values}) => ${one})(\n${expression}\n)`;
  } else if (source.gives === 'row') expression = `((f) => (...values) => [f(...values)])(\n${expression}\n)`;
  const parts = partsOf(expression, source);
  const firstLine = 2 - expression.slice(0, parts[0]?.start).split('\n').length;
  const label = source.label.replace(/[^\w$.]/g, '_');
  rememberSent(label, expression, firstLine, parts);
  return `//@ ${label}:${firstLine}${source.bigint === 'bigint' ? ' bigint' : ''}\n${expression}`;
}
