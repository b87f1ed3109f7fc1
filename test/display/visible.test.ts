import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cut, joined, visible } from '../../src/display/visible.js';

const shown = (text: string): string => joined(visible(text));

test.each([
  ['a\nb\r\n', 'a↵b␍↵'],
  ['a\tb', 'a⇥b'],
  ['\u0000\u001b[31mred\u007f', '␀␛[31mred␡'],
  ['  two and one ', '··two and one·'],
  ['   ', '···'],
  ['no\u00a0break', 'no␣break'],
  ['\ufeffid', '⟨BOM⟩id'],
  ['zero\u200bwidth', 'zero⟨ZWSP⟩width'],
  ['a\u200db', 'a⟨ZWJ⟩b'],
  ['user\u202egpj.exe', 'user⟨RLO⟩gpj.exe'],
  ['\u2066x\u2069', '⟨LRI⟩x⟨PDI⟩'],
  ['line\u2028end', 'line⟨U+2028⟩end'],
  ['\ud800 alone', '⟨U+D800⟩ alone'],
  ['\u0301acute', '◌\u0301acute'],
])('%j is shown as %j', (text, expected) => {
  expect(shown(text)).toBe(expected);
});

test.each([
  '',
  'plain',
  'two  spaces inside',
  'Übergröße',
  '海 and 山',
  '全\u3000角',
  '👩\u200d👩\u200d👧',
  '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}',
  'نمی\u200cخواهم',
  'क्\u200dष',
  '❤\ufe0f',
])('%j stays as it is', (text) => {
  expect(shown(text)).toBe(text);
});

test('no string leaves a control character, a direction change or half a character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(shown(text)).not.toMatch(/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069\u200e\u200f\ufeff]/u);
    }),
  );
});

test('cutting counts what is not shown, and cuts no character in two', () => {
  expect(cut('x'.repeat(300), 10)).toEqual({ text: 'x'.repeat(10), hidden: 290 });
  expect(cut('x'.repeat(20), 10).hidden).toBe(0);
  const family = '👩\u200d👩\u200d👧';
  expect(cut(family.repeat(100), 3)).toEqual({ text: family.repeat(3), hidden: 97 * 5 });
  expect(cut(`e\u0301${'z'.repeat(100)}`, 1)).toEqual({ text: 'e\u0301', hidden: 100 });
});

test('one character with a megabyte of marks is cut too', () => {
  const part = cut(`a${'\u0301'.repeat(1_000_000)}`, 10);
  expect(part.text.length).toBeLessThan(100);
  expect(part.text.length + part.hidden).toBe(1_000_001);
});

test('what is shown and what is hidden make up the whole', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.integer({ min: 1, max: 30 }), (text, max) => {
      const part = cut(text, max);
      expect(text.startsWith(part.text)).toBe(true);
      expect([...text.slice(part.text.length)].length).toBe(part.hidden);
    }),
  );
});
