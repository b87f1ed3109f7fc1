/** A source of chance that gives the same again for the same seed: mulberry32. */
export function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

type Kind = 'number' | 'text' | 'boolean';
const KINDS: readonly Kind[] = ['number', 'text', 'boolean'];

/** Further forms of expressions, made of expressions of a kind. */
export type MoreForms = (
  some: (of: Kind) => string,
  next: (below: number) => number,
) => Readonly<Record<Kind, readonly string[]>>;

/** The text of a random expression over `i`, `j` (INT), `d`, `e` (DOUBLE), `s`, `t` (STRING), `b` (BOOLEAN); `j`, `e`, `t` are never NULL. */
export function randomExpression(kind: Kind, next: (below: number) => number, depth = 3, more?: MoreForms): string {
  const pick = (forms: readonly (() => string)[]): string => (forms[next(forms.length)] as () => string)();
  const some = (of: Kind): string => randomExpression(of, next, depth - 1, more);
  const any = (): string => some(KINDS[next(3)] as Kind);
  const leaf: Record<Kind, readonly (() => string)[]> = {
    number: ['i', 'j', 'd', 'e', '0', '1', '-1', '2.5', '7', '100000', 'Math.PI'].map((one) => () => one),
    text: ['s', 't', "''", "'abc'", "'ß 𝒳'", '(s ?? t)', '(i ?? 0) + t'].map((one) => () => one),
    boolean: ['b', 'true', 'false', 'i === null', 's !== null', 'd == null', '!b'].map((one) => () => one),
  };
  if (depth === 0) return pick(leaf[kind]);
  const choice = (): string => `(${some('boolean')} ? ${some(kind)} : ${next(4) === 0 ? 'null' : some(kind)})`;
  const forms: Record<Kind, readonly (() => string)[]> = {
    number: [
      () => `(${some('number')} ${'+-*/%'[next(5)]} ${some('number')})`,
      () => `Math.${['abs', 'floor', 'ceil'][next(3)]}(${some('number')})`,
      () => `(- ${some('number')})`,
      () => `(${some('number')} ?? ${some('number')})`,
      choice,
    ],
    text: [
      () => `(${some('text')} + ${any()})`,
      () => `\`<\${${any()}} \${${any()}}\``,
      () => `(${some('text')}).${['trim', 'toUpperCase', 'toLowerCase'][next(3)]}()`,
      () => `(s === null ? ${some('text')} : s.trim() + ${some('text')})`,
      () => `String(${any()})`,
      choice,
    ],
    boolean: [
      () => `(${some('number')} ${['<', '<=', '>', '>=', '===', '!=='][next(6)]} ${some('number')})`,
      () => `(${some('text')} ${['===', '!=='][next(2)]} ${some('text')})`,
      () => `(${some('boolean')} ${['&&', '||', '===', '!=='][next(4)]} ${some('boolean')})`,
      () => `(${some('text')}).${['includes', 'startsWith'][next(2)]}('a')`,
      () => `!(${some('boolean')})`,
      () => `(${any()} ${['===', '!=='][next(2)]} null)`,
      choice,
    ],
  };
  if (more !== undefined && next(2) === 0) {
    const found = more(some, next)[kind];
    return found[next(found.length)] as string;
  }
  return next(4) === 0 ? pick(leaf[kind]) : pick(forms[kind]);
}

/**
 * What stays JavaScript: over `l` (BIGINT), `x` (DECIMAL), `day` (DATE), `ts` (TIMESTAMP), `list` (ARRAY<INT>), `map`
 * (MAP<STRING, DOUBLE>), `row` (ROW<a INT, b STRING>), too; all may be NULL.
 */
export const richForms: MoreForms = (some, next) => {
  const n = next(5) - 1;
  const number = some('number');
  const text = some('text');
  return {
    number: [
      '(l ?? -1)',
      'Number(x)',
      '(list ?? []).length',
      '(list?.[1] ?? 7)',
      `(list ?? []).reduce((all, one) => all + (one ?? 0), ${number})`,
      "(map?.get('k') ?? 3)",
      '(map?.size ?? 0)',
      '(row?.a ?? 0)',
      'new Date(Number(ts?.ms ?? 0)).getUTCDate()',
      "Date.parse((day ?? '1970-01-01') + 'T00:00:00Z')",
      '(ts?.nanosOfMs ?? 0)',
      `Math.${['round', 'trunc', 'sign', 'sqrt', 'fround', 'clz32'][next(6)]}(${number})`,
      `Math.max(${number}, ${some('number')})`,
      `Number(${text})`,
      // No more digits than a number holds: of the rest each engine may make what it likes.
      `parseInt((${text}).slice(0, 10), ${[10, 16, 36][next(3)]})`,
      `[...${text}].length`,
      `(${text}).indexOf(${some('text')})`,
      `((${text}).codePointAt(${n + 1}) ?? 0)`,
      `(${number} | 0)`,
      `(${number} >>> ${n + 1})`,
      `Number(BigInt.asIntN(64, BigInt(j) * 3n ** ${n + 5}n) % 1000n)`,
    ],
    text: [
      'String(x)',
      'String(day)',
      'String(ts)',
      'JSON.stringify(list)',
      'JSON.stringify(row)',
      'JSON.stringify([...(map ?? [])].sort())',
      "(row?.b ?? 'none')",
      'String(l)',
      `String(${number})`,
      `(${number}).toFixed(${n + 1})`,
      `(${number}).toString(${[2, 16, 36][next(3)]})`,
      `(${number}).toPrecision(${n + 2})`,
      `[...${text}].slice(${n}, ${n + 3}).join('')`,
      `(${text}).replace(/[a-c ]+/g, (all) => \`<\${all}>\`)`,
      `(${text}).replace(/(\\p{L})(.)/u, '$2-$1')`,
      `[...${text}].reverse().join('')`,
      `(${text}).padStart(${n + 4}, 'ä')`,
      `(${text}).normalize('NFD')`,
      `(/(?<word>\\p{L}+)/u.exec(${text})?.groups?.word ?? '-')`,
      `[...${text}].sort().join('|')`,
      '(day ?? ts?.format(0) ?? t).toString()',
      'new Date(Number(ts?.ms ?? 5)).toISOString()',
      `encodeURIComponent([...${text}].join(' '))`,
    ],
    boolean: [
      '(list ?? []).includes(0)',
      "(map?.has('k') ?? b)",
      `/^\\s*[a-z]/i.test(${text})`,
      `Number.isInteger(${number})`,
      `Object.is(${number}, -0)`,
      "(day ?? '') < '2000'",
      "(ts?.isBefore(Timestamp.parse('2000-01-01')) ?? false)",
      `(${text} < ${some('text')})`,
      `(${text}).endsWith('c')`,
      `Number.isNaN(${number})`,
      '(row?.a == null)',
    ],
  };
};
