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

/** The text of a random expression over `i`, `j` (INT), `d`, `e` (DOUBLE), `s`, `t` (STRING), `b` (BOOLEAN); `j`, `e`, `t` are never NULL. */
export function randomExpression(kind: Kind, next: (below: number) => number, depth = 3): string {
  const pick = (forms: readonly (() => string)[]): string => (forms[next(forms.length)] as () => string)();
  const some = (of: Kind): string => randomExpression(of, next, depth - 1);
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
  return next(4) === 0 ? pick(leaf[kind]) : pick(forms[kind]);
}
