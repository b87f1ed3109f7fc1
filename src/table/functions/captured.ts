import { ArgumentError } from '../../core/errors.js';
import { isTimestamp } from '../../core/values/index.js';

/** Constants and helper functions that a function uses and that stand outside of it, by their names in it. */
export interface Captured {
  readonly [name: string]: unknown;
}

const NAME = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/**
 * What is captured as JavaScript: `const` declarations that give the same values wherever they are evaluated, objects and
 * lists frozen. The values are those of this moment.
 *
 * @throws ArgumentError for what has no text: instances of classes, symbols, promises, circles
 */
export function capturedSource(captured: Captured, where: string): string {
  const declarations = Object.entries(captured).map(([name, value]) => {
    if (!NAME.test(name)) throw new ArgumentError(`${where}: captured: '${name}' is no name of a variable`);
    return `const ${name} = ${valueSource(value, { where, path: name, around: [] })};`;
  });
  return declarations.join(' ');
}

interface Place {
  readonly where: string;
  readonly path: string;
  /** The objects that this value is in. */
  readonly around: readonly object[];
}

function valueSource(value: unknown, at: Place): string {
  switch (typeof value) {
    case 'string':
      return textSource(value);
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'bigint':
      return `${value}n`;
    case 'boolean':
    case 'undefined':
      return String(value);
    case 'function':
      return `(\n${String(value)}\n)`;
    case 'object':
      return value === null ? 'null' : objectSource(value, at);
    default:
      throw refused(value, at);
  }
}

function objectSource(value: object, at: Place): string {
  if (at.around.includes(value)) {
    throw new ArgumentError(`${at.where}: captured: \`${at.path}\` is a circle`, { hint: HINT });
  }
  const within = (part: unknown, step: string): string =>
    valueSource(part, { ...at, path: `${at.path}${step}`, around: [...at.around, value] });
  const list = (parts: readonly unknown[]): string => `[${parts.map((part, i) => within(part, `[${i}]`)).join(', ')}]`;
  if (Array.isArray(value)) return `Object.freeze(${list(value)})`;
  if (isTimestamp(value)) return `Timestamp.ofMs(${value.ms}, ${value.nanosOfMs})`;
  switch (Object.prototype.toString.call(value)) {
    case '[object Date]':
      return `new Date(${Number(value)})`;
    case '[object Map]':
      return `new Map(${list([...(value as Map<unknown, unknown>)])})`;
    case '[object Set]':
      return `new Set(${list([...(value as Set<unknown>)])})`;
    case '[object RegExp]': {
      const { source, flags } = value as RegExp;
      // They remember where they stopped: the next row would go on from there.
      if (/[gy]/.test(flags)) {
        throw new ArgumentError(
          `${at.where}: captured: \`${at.path}\` is a regular expression with state (/${flags})`,
          {
            hint: 'write it inside the function',
          },
        );
      }
      return `new RegExp(${textSource(source)}, '${flags}')`;
    }
    case '[object Object]': {
      const kind = Object.getPrototypeOf(value);
      if (kind !== null && Object.getPrototypeOf(kind) !== null) throw refused(value, at);
      const parts = Object.entries(value).map(([name, part]) => `[${textSource(name)}]: ${within(part, `.${name}`)}`);
      return `Object.freeze({ ${parts.join(', ')} })`;
    }
    default:
      throw refused(value, at);
  }
}

/** As JSON writes it, in a form that is JavaScript everywhere. */
function textSource(text: string): string {
  return JSON.stringify(text).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}

const HINT = 'numbers, texts, booleans, bigints, dates, lists, plain objects, maps, sets and functions can be captured';

function refused(value: unknown, { where, path }: Place): ArgumentError {
  const what = typeof value === 'object' ? `a ${value?.constructor?.name ?? 'n object'}` : `a ${typeof value}`;
  return new ArgumentError(`${where}: captured: \`${path}\` is ${what}`, { hint: HINT });
}
