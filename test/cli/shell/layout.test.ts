import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cut, harmless, layOut } from '../../../src/cli/shell/layout.js';
import { textWidth } from '../../../src/core/text-width.js';
import { type AnyType, type } from '../../../src/core/types/index.js';

const columns = [
  { name: 'id', type: type.int() as AnyType },
  { name: 'name', type: type.string() as AnyType },
];

test('numbers to the right, texts to the left, NULL as Flink writes it', () => {
  const { header, lines, hidden } = layOut(
    columns,
    [
      ['7', 'whale'],
      ['100', null],
    ],
    { width: 80, most: 30 },
  );
  expect([...header, ...lines]).toEqual([' id  name', '───  ──────', '  7  whale', '100  <NULL>']);
  expect(hidden).toBe(0);
});

test('wide characters count twice, and what is too long ends with dots', () => {
  expect(cut('白鲸记', 5)).toBe('白鲸…');
  expect(cut('白鲸记', 6)).toBe('白鲸记');
  expect(cut('👩‍👩‍👧 family', 4)).toBe('👩‍👩‍👧 …');
  expect(cut('abc', 0)).toBe('');
});

test('nothing that is shown does anything to the terminal', () => {
  expect(harmless('a\nb\tc\u001b[2J\u0007\u202e')).toBe('a\\nb\\tc\\u001b[2J\\u0007\\u202e');
});

test('no line is wider than the terminal, whatever is in it', () => {
  const text = fc.option(fc.string({ unit: 'grapheme', maxLength: 40 }));
  fc.assert(
    fc.property(
      fc
        .integer({ min: 1, max: 12 })
        .chain((count) =>
          fc.array(fc.array(text, { minLength: count, maxLength: count }), { minLength: 1, maxLength: 6 }),
        ),
      fc.integer({ min: 1, max: 120 }),
      (rows, width) => {
        const many = (rows[0] as unknown[]).map((_, i) => ({ name: `column${i}`, type: type.string() as AnyType }));
        const { header, lines, hidden } = layOut(many, rows, { width, most: 30 });
        for (const line of [...header, ...lines]) expect(textWidth(line)).toBeLessThanOrEqual(width);
        expect(hidden).toBeLessThan(many.length);
      },
    ),
  );
});

test('a live table never gets narrower', () => {
  const widths: number[] = [];
  layOut(columns, [['1', 'a long name']], { width: 80, most: 30, widths });
  const { header } = layOut(columns, [['1', 'x']], { width: 80, most: 30, widths });
  expect(header[1]).toBe('──  ───────────');
});
