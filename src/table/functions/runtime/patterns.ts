import { StreambookError } from '../../../core/errors.js';

/** Raised for a pattern of LIKE or SIMILAR TO that is none. */
class PatternError extends StreambookError {
  constructor(message: string) {
    super('bad-pattern', message, { hint: 'ESCAPE takes one character; it may stand before %, _ and itself' });
  }
}

const SPECIAL = /[\\^$.|?*+()[\]{}]/g;
const quoted = (char: string): string => char.replace(SPECIAL, '\\$&');

function escapeOf(mark: string | undefined): string | undefined {
  if (mark === undefined) return undefined;
  if ([...mark].length !== 1 || mark === '\\') throw new PatternError(`Invalid escape character '${mark}'`);
  return mark;
}

/** A LIKE pattern as a test: `%` is anything, `_` one character; upper and lower case differ. */
export function likeTest(pattern: string, escapeText?: string): (text: string) => boolean {
  const mark = escapeOf(escapeText);
  const chars = [...pattern];
  // The usual patterns need no regular expression.
  if (mark === undefined && !pattern.includes('_')) {
    const simple = simpleLike(pattern);
    if (simple !== undefined) return simple;
  }
  let source = '';
  for (let i = 0; i < chars.length; i++) {
    const char = chars[i] as string;
    if (char === mark) {
      const next = chars[++i];
      if (next !== '_' && next !== '%' && next !== mark) {
        throw new PatternError(`Invalid escape sequence '${pattern}', ${i - 1}`);
      }
      source += quoted(next);
    } else if (char === '_') source += '[\\s\\S]';
    else if (char === '%') source += '[\\s\\S]*';
    else source += quoted(char);
  }
  const expression = new RegExp(`^(?:${source})$`, 'u');
  return (text) => expression.test(text);
}

function simpleLike(pattern: string): ((text: string) => boolean) | undefined {
  // An empty pattern fits everything, in Flink.
  if (pattern === '') return () => true;
  const parts = pattern.split('%');
  if (parts.length === 1) return (text) => text === pattern;
  const [first = '', last = ''] = [parts[0], parts.at(-1)];
  if (parts.length === 2) {
    if (last === '') return (text) => text.startsWith(first);
    if (first === '') return (text) => text.endsWith(last);
    return (text) => text.length >= pattern.length - 1 && text.startsWith(first) && text.endsWith(last);
  }
  if (parts.length === 3 && first === '' && last === '') {
    const middle = parts[1] as string;
    return (text) => text.includes(middle);
  }
  return undefined;
}

const CLASSES: Readonly<Record<string, string>> = {
  '[:ALPHA:]': '\\p{L}',
  '[:alpha:]': '\\p{L}',
  '[:UPPER:]': '\\p{Lu}',
  '[:upper:]': '\\p{Lu}',
  '[:LOWER:]': '\\p{Ll}',
  '[:lower:]': '\\p{Ll}',
  '[:DIGIT:]': '\\d',
  '[:digit:]': '\\d',
  '[:SPACE:]': ' ',
  '[:space:]': ' ',
  '[:WHITESPACE:]': '\\s',
  '[:whitespace:]': '\\s',
  '[:ALNUM:]': '\\p{L}\\p{Nd}',
  '[:alnum:]': '\\p{L}\\p{Nd}',
};

/** A SIMILAR TO pattern as a test: as LIKE, and `| * + ? {n} ( ) [ ]` of regular expressions. */
export function similarTest(pattern: string, escapeText?: string): (text: string) => boolean {
  const mark = escapeOf(escapeText);
  const chars = [...pattern];
  let source = '';
  for (let i = 0; i < chars.length; i++) {
    const char = chars[i] as string;
    if (char === mark) {
      const next = chars[++i];
      if (next === undefined) throw new PatternError(`Invalid escape sequence '${pattern}', ${i - 1}`);
      source += quoted(next);
    } else if (char === '_') source += '[\\s\\S]';
    else if (char === '%') source += '[\\s\\S]*';
    else if (char === '[') {
      let list = '';
      let j = i + 1;
      if (chars[j] === '^') {
        list += '^';
        j++;
      }
      for (; j < chars.length && chars[j] !== ']'; j++) {
        if (chars[j] === '[' && chars[j + 1] === ':') {
          const end = chars.indexOf(']', j);
          const name = chars.slice(j, end + 1).join('');
          const known = CLASSES[name];
          if (known === undefined) throw new PatternError(`Invalid regular expression: ${pattern}, ${j}`);
          list += known;
          j = end;
        } else list += chars[j] === '\\' ? '\\\\' : chars[j];
      }
      if (j >= chars.length) throw new PatternError(`Invalid regular expression: ${pattern}, ${i}`);
      source += `[${list}]`;
      i = j;
      // All else is that of regular expressions: a point is any character.
    } else source += char;
  }
  let expression: RegExp;
  try {
    expression = new RegExp(`^(?:${source})$`, 'u');
  } catch {
    throw new PatternError(`Invalid regular expression: ${pattern}`);
  }
  return (text) => expression.test(text);
}

const REMEMBERED = 256;
const compiled = new Map<string, RegExp | null>();

/**
 * A regular expression in Java's syntax; `null` when it is none. The two dialects agree but for few things: possessive
 * quantifiers and `\Q...\E` are rewritten, inline flags at the beginning become flags.
 */
export function javaRegex(source: string, flags = ''): RegExp | null {
  const key = `${flags}/${source}`;
  let made = compiled.get(key);
  if (made === undefined) {
    made = translate(source, flags);
    if (compiled.size >= REMEMBERED) compiled.clear();
    compiled.set(key, made);
  }
  if (made !== null) made.lastIndex = 0;
  return made;
}

function translate(given: string, flags: string): RegExp | null {
  let text = given.replace(/\\Q([\s\S]*?)(?:\\E|$)/g, (_, inner: string) => quoted(inner));
  let all = flags;
  const inline = /^\(\?([imsux]+)\)/.exec(text);
  if (inline !== null) {
    text = text.slice(inline[0].length);
    for (const flag of inline[1] as string) if ('ims'.includes(flag) && !all.includes(flag)) all += flag;
  }
  text = text
    .replace(/\\p\{(Alpha|Digit|Alnum|Upper|Lower|Punct|Space)\}/g, (_, name: string) => POSIX[name] as string)
    .replace(/\\([hHRZAGz])/g, (whole, letter: string) => JAVA_ESCAPES[letter] ?? whole)
    .replace(/([*+?}])\+/g, '$1');
  for (const mode of ['u', '']) {
    try {
      return new RegExp(text, all + mode);
    } catch {
      // Without `u` more is allowed.
    }
  }
  return null;
}

const POSIX: Readonly<Record<string, string>> = {
  Alpha: '[a-zA-Z]',
  Digit: '\\d',
  Alnum: '[a-zA-Z0-9]',
  Upper: '[A-Z]',
  Lower: '[a-z]',
  Punct: '[!-\\/:-@\\[-`{-~]',
  Space: '\\s',
};
const JAVA_ESCAPES: Readonly<Record<string, string>> = {
  h: '[ \\t\\u00a0]',
  H: '[^ \\t\\u00a0]',
  R: '(?:\\r\\n|[\\n\\r\\u2028\\u2029])',
  A: '^',
  Z: '$',
  z: '$',
};
