import { expect, test } from 'vitest';
import { hoverPlaces, hoverText } from '../../src/kernel/hover.js';
import { loadTslab } from '../../src/kernel/tslab.js';

const { typescript } = loadTslab();

/** The words at which Shift-Tab looks when the cursor stands at `|`. */
function words(code: string): string[] {
  const cursor = code.indexOf('|');
  const plain = code.replace('|', '');
  return hoverPlaces(typescript, plain, cursor).map((place) => /^\w*/.exec(plain.slice(place))?.[0] ?? '');
}

test('behind an open parenthesis it is the function', () => {
  expect(words('sendFile(|')).toEqual(['', 'sendFile']);
  expect(words('sendFile(texts.mobyDick, |')).toEqual(['', 'sendFile']);
  expect(words('await topics.create(|)')).toEqual(['', 'create']);
  expect(words('new Map(|')).toEqual(['', 'Map']);
  expect(words('const a = 1;\ncounts.show({ |')).toEqual(['', 'show']);
});

test('in the value of an option it is the option, then the function', () => {
  expect(words("receive('novel', { from: 'ear|liest' })")).toEqual(['liest', 'from', 'receive']);
  expect(words("receive('novel', { until: { count: 1|0 } })")).toEqual(['0', 'count', 'until', 'receive']);
});

test('behind a closed call it is nothing of it', () => {
  expect(words('sendFile(a); |')).toEqual(['']);
  expect(words('|')).toEqual(['']);
});

test('the tags of a docstring keep their names', () => {
  const part = (text: string) => [{ text }];
  const text = hoverText({
    displayParts: part('(alias) function f(a: string): void\nimport f'),
    documentation: part('Does it.'),
    tags: [
      { name: 'param', text: part('a what') },
      { name: 'throws', text: part('`bad-argument`') },
      { name: 'example', text: part("f('a')") },
      { name: 'see', text: part('Kafka : consumer') },
      { name: 'internal' },
    ],
  });
  expect(text).toBe(
    [
      'function f(a: string): void',
      '',
      'Does it.',
      '',
      '@param a what',
      'Throws: `bad-argument`',
      'Example:',
      "f('a')",
      'See: Kafka: consumer',
    ].join('\n'),
  );
});
