import { expect, test } from 'vitest';
import type { ProgressState } from '../../src/core/display.js';
import { progress, timeText } from '../../src/display/progress.js';
import { tagsOf, textOf } from './html.js';

const base: ProgressState = {
  label: 'Sending moby-dick',
  done: 1024,
  total: 1_253_891,
  unit: 'bytes',
  elapsedMs: 2000,
  state: 'running',
};
const html = (state: Partial<ProgressState>): string => String(progress({ ...base, ...state })['text/html']);
const plain = (state: Partial<ProgressState>): string => progress({ ...base, ...state })['text/plain'];

test('one line of text', () => {
  expect(plain({})).toBe('Sent 1024 bytes of moby-dick 0.08 %');
  expect(plain({ label: 'Downloading', done: 5, unit: 'files', total: 10 })).toBe('Downloading: 5 files 50.00 %');
  expect(plain({ state: 'paused' })).toBe('Sent 1024 bytes of moby-dick 0.08 %, paused after 2.0 s');
  expect(plain({ done: 1_253_891, state: 'done', note: 'all\nthere' })).toBe(
    'Sent 1253891 bytes of moby-dick 100 %, done in 2.0 s, all↵there',
  );
});

test('share, amount, rate and what is left', () => {
  expect(textOf(html({ done: 626_945, elapsedMs: 10_000 }))).toContain(
    '49.99 % · 626,945 of 1,253,891 bytes · 62.7 kB/s · 10 s left',
  );
});

test('100 % is said only when all of it is there', () => {
  expect(plain({ done: 1_253_890 })).toContain('99.99 %');
  expect(plain({ done: 1_253_891 })).toContain(' 100 %');
  expect(plain({ done: 9_999_999 })).toContain(' 100 %');
});

test('an unknown or senseless total draws no share, and nothing is NaN', () => {
  const { total: _, ...open } = base;
  const bundle = progress(open);
  expect(textOf(String(bundle['text/html']))).toContain('1,024 bytes');
  expect(bundle['text/html']).not.toContain('aria-valuenow');
  for (const state of [
    { total: 0 },
    { total: Number.NaN },
    { done: Number.NaN },
    { elapsedMs: 0 },
    { done: -5 },
    { total: Infinity },
  ]) {
    expect(`${plain(state)} ${textOf(html(state))}`).not.toMatch(/NaN|Infinity|-5/);
  }
  expect(plain({ done: 0, total: 0, state: 'done' })).toContain('100 %');
});

test('what has ended is whole, even if nobody knew how much it would be', () => {
  const { total: _, ...open } = base;
  const bundle = progress({ ...open, state: 'done', elapsedMs: 49 });
  expect(textOf(String(bundle['text/html']))).toContain('100 % · 1,024 bytes · 20.9 kB/s · done in 49 ms');
});

test('it says to a screen reader what it shows', () => {
  const bar = /<div role="progressbar"[^>]*>/.exec(html({ done: 626_945 }))?.[0];
  expect(bar).toContain('aria-label="Sending moby-dick"');
  expect(bar).toContain('aria-valuenow="49"');
  expect(bar).toContain('aria-valuetext="49.99 %, running"');
});

test.each(['running', 'paused', 'stopped', 'failed', 'done'] as const)(
  '%s has its colour, with and without a theme',
  (state) => {
    expect(html({ state })).toMatch(
      /background-color:#[0-9a-f]{6};background-color:var\(--jp-[a-z0-9-]+,#[0-9a-f]{6}\)/,
    );
  },
);

test('label and note are text', () => {
  const nasty = '"><script>alert(1)</script>';
  const names = tagsOf(html({ label: nasty, note: nasty })).map((tag) => tag.name);
  expect(new Set(names)).toEqual(new Set(['div', 'span', 'strong']));
});

test.each([
  [0, '0 ms'],
  [49, '49 ms'],
  [999.9, '1.0 s'],
  [9_949, '9.9 s'],
  [12_000, '12 s'],
  [200_000, '3 min 20 s'],
  [7_500_000, '2 h 5 min'],
  [367_200_000, '4 d 6 h'],
])('%d ms are %s', (ms, text) => {
  expect(timeText(ms)).toBe(text);
});
