import { StreambookError } from '../../../core/errors.js';
import { type Json, parseJson, Real } from './parse.js';

/** Raised for a text that is no JSON path. */
export class JsonPathError extends StreambookError {
  constructor(path: string) {
    super('bad-json-path', `Illegal jsonpath spec '${path}', format of the spec should be: '<lax|strict> \${expr}'`, {
      hint: "write '$.name', 'lax $.list[0].x', 'strict $[*]'",
    });
  }
}

type Step =
  | { readonly kind: 'name'; readonly names: readonly string[] }
  | { readonly kind: 'index'; readonly indexes: readonly number[] }
  | { readonly kind: 'slice'; readonly from: number | undefined; readonly to: number | undefined }
  | { readonly kind: 'wildcard' }
  | { readonly kind: 'filter'; readonly test: (item: Json) => boolean }
  | { readonly kind: 'descend' }
  | { readonly kind: 'length' };

/** A path, read: its mode (strict unless it says lax) and its steps. */
export interface JsonPath {
  readonly lax: boolean;
  readonly steps: readonly Step[];
  /** Whether it leads to one place only. */
  readonly definite: boolean;
}

const MODE = /^\s*(strict|lax)\s+([\s\S]+)$/i;
const paths = new Map<string, JsonPath>();

/** Reads a path of Flink's JSON functions. Throws `JsonPathError`. */
export function parseJsonPath(text: string): JsonPath {
  let path = paths.get(text);
  if (path === undefined) {
    const found = MODE.exec(text);
    const steps = readSteps(found === null ? text.trim() : (found[2] as string).trim(), text);
    const definite = steps.every(leadsToOne);
    path = { lax: found?.[1]?.toLowerCase() === 'lax', steps, definite };
    if (paths.size > 256) paths.clear();
    paths.set(text, path);
  }
  return path;
}

const NAME = /^[^\s.[\]()'"?@]+/;

function readSteps(spec: string, whole: string): Step[] {
  const fail = (): never => {
    throw new JsonPathError(whole);
  };
  if (!spec.startsWith('$')) fail();
  const steps: Step[] = [];
  let at = 1;
  while (at < spec.length) {
    const rest = spec.slice(at);
    if (rest.startsWith('..')) {
      steps.push({ kind: 'descend' });
      at += rest[2] === '[' ? 2 : 1;
      continue;
    }
    if (rest.startsWith('.*')) {
      steps.push({ kind: 'wildcard' });
      at += 2;
    } else if (rest.startsWith('.length()')) {
      steps.push({ kind: 'length' });
      at += 9;
    } else if (rest[0] === '.') {
      const name = NAME.exec(rest.slice(1))?.[0] ?? fail();
      steps.push({ kind: 'name', names: [name] });
      at += 1 + name.length;
    } else if (rest[0] === '[') {
      const end = closing(rest);
      if (end < 0) fail();
      steps.push(bracket(rest.slice(1, end).trim(), fail));
      at += end + 1;
    } else fail();
  }
  return steps;
}

/** Where the bracket that begins a text closes, quotes and brackets within passed over. */
function closing(text: string): number {
  let depth = 0;
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string;
    if (quote !== '') {
      if (char === '\\') i++;
      else if (char === quote) quote = '';
    } else if (char === "'" || char === '"') quote = char;
    else if (char === '[' || char === '(') depth++;
    else if (char === ']' || char === ')') {
      depth--;
      if (depth === 0) return i;
    }
  }
  return -1;
}

const QUOTED = /^(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")$/;
const unquote = (text: string): string => text.slice(1, -1).replace(/\\(.)/g, '$1');

function bracket(inner: string, fail: () => never): Step {
  if (inner === '*') return { kind: 'wildcard' };
  if (inner.startsWith('?')) return { kind: 'filter', test: filter(inner.slice(1).trim(), fail) };
  const slice = /^(-?\d+)?\s*:\s*(-?\d+)?$/.exec(inner);
  if (slice !== null) {
    return {
      kind: 'slice',
      from: slice[1] === undefined ? undefined : Number(slice[1]),
      to: slice[2] === undefined ? undefined : Number(slice[2]),
    };
  }
  const parts = inner.match(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^,\s]+/g) ?? [];
  if (parts.length > 0 && parts.every((part) => QUOTED.test(part))) return { kind: 'name', names: parts.map(unquote) };
  if (parts.length > 0 && parts.every((part) => /^-?\d+$/.test(part)))
    return { kind: 'index', indexes: parts.map(Number) };
  return fail();
}

const plain = (value: Json | undefined): unknown => (value instanceof Real ? value.value : value);

const COMPARISON = /^(@[^\s=<>!]*)\s*(?:(==|!=|<=|>=|<|>)\s*('[^']*'|"[^"]*"|-?[\d.]+|true|false|null))?$/;

/** `?(@.price < 10)`, `?(@.name)`, several with && or ||. */
function filter(text: string, fail: () => never): (item: Json) => boolean {
  if (!text.startsWith('(') || !text.endsWith(')')) fail();
  const any = text
    .slice(1, -1)
    .split('||')
    .map((part) => part.split('&&').map((one) => condition(one.trim(), fail)));
  return (item) => any.some((all) => all.every((test) => test(item)));
}

function condition(text: string, fail: () => never): (item: Json) => boolean {
  const found = COMPARISON.exec(text) ?? fail();
  const [, left = '@', operator, right] = found as RegExpExecArray;
  const steps = readSteps(`$${left.slice(1)}`, text);
  const value = (item: Json): unknown => plain(walk(item, steps)[0]);
  if (operator === undefined) return (item) => walk(item, steps).length > 0;
  const wanted: unknown = QUOTED.test(right as string) ? unquote(right as string) : plain(parseJson(right as string));
  const order = (a: unknown): number =>
    typeof a !== typeof wanted
      ? Number.NaN
      : (a as number) < (wanted as number)
        ? -1
        : (a as number) > (wanted as number)
          ? 1
          : 0;
  return (item) => {
    const found = value(item);
    switch (operator) {
      case '==':
        return found === wanted;
      case '!=':
        return found !== wanted;
      case '<':
        return order(found) < 0;
      case '>':
        return order(found) > 0;
      case '<=':
        return order(found) <= 0;
      default:
        return order(found) >= 0;
    }
  };
}

const isObject = (value: Json): value is Map<string, Json> => value instanceof Map;

/** All places a path leads to. */
export function walk(root: Json, steps: readonly Step[]): Json[] {
  let items: Json[] = [root];
  for (const step of steps) items = items.flatMap((item) => follow(item, step));
  return items;
}

/**
 * Why a path cannot be followed in strict mode: up to the first step that leads to several places, each has to find what it
 * needs. The last step may find nothing.
 */
export function obstacle(root: Json, steps: readonly Step[]): string | undefined {
  let item = root;
  for (const [i, step] of steps.entries()) {
    if (step.kind === 'name' && !isObject(item)) return `Expected to find an object with property '${step.names[0]}'`;
    if ((step.kind === 'index' || step.kind === 'slice') && !Array.isArray(item)) return 'Expected to find an array';
    if (!leadsToOne(step)) return undefined;
    const [next] = follow(item, step);
    if (next === undefined) return i === steps.length - 1 ? undefined : 'Missing property in path';
    item = next;
  }
  return undefined;
}

const leadsToOne = (step: Step): boolean =>
  (step.kind === 'name' && step.names.length === 1) ||
  (step.kind === 'index' && step.indexes.length === 1) ||
  step.kind === 'length';

function follow(item: Json, step: Step): Json[] {
  switch (step.kind) {
    case 'name':
      return isObject(item) ? step.names.flatMap((name) => (item.has(name) ? [item.get(name) as Json] : [])) : [];
    case 'index':
      if (!Array.isArray(item)) return [];
      return step.indexes.flatMap((index) => {
        const at = index < 0 ? item.length + index : index;
        return at >= 0 && at < item.length ? [item[at] as Json] : [];
      });
    case 'slice':
      return Array.isArray(item) ? item.slice(step.from, step.to) : [];
    case 'wildcard':
      return Array.isArray(item) ? item : isObject(item) ? [...item.values()] : [];
    case 'filter':
      return (Array.isArray(item) ? item : [item]).filter(step.test);
    case 'descend':
      return everything(item);
    case 'length':
      return Array.isArray(item) || typeof item === 'string' ? [item.length] : isObject(item) ? [item.size] : [];
  }
}

function everything(item: Json): Json[] {
  const inner = Array.isArray(item) ? item : isObject(item) ? [...item.values()] : [];
  return [item, ...inner.flatMap(everything)];
}
