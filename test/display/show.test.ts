import { afterEach, beforeEach, expect, expectTypeOf, test } from 'vitest';
import type { MimeBundle } from '../../src/core/display.js';
import { setKernelHook } from '../../src/core/kernel.js';
import { stopRunning } from '../../src/core/running.js';
import { show } from '../../src/display/index.js';
import { cellsOf, tagsOf, textOf } from './html.js';

let shown: MimeBundle[] = [];

beforeEach(() => {
  shown = [];
  // One bundle per display: an update takes the place of what it updates.
  const places = new Map<string, number>();
  setKernelHook({
    currentCell: () => ({
      id: 1,
      write: (bundle, id, update) => {
        const place = update ? (places.get(id) ?? shown.length) : shown.length;
        places.set(id, place);
        shown[place] = bundle;
      },
    }),
  });
});
afterEach(() => setKernelHook(undefined));

const cells = (): string[][] => cellsOf(String(shown.at(-1)?.['text/html']));

test('plain data is there when the call returns, and nothing is left to print', () => {
  expect(show([{ a: 1 }])).toBeUndefined();
  expect(cells()).toEqual([['1']]);
  expectTypeOf(show([1])).toEqualTypeOf<void>();
  expectTypeOf(show(Promise.resolve(1))).toEqualTypeOf<Promise<void>>();
});

test('options reach the table', () => {
  show(
    Array.from({ length: 50 }, (_, i) => ({ i, text: 'x'.repeat(100) })),
    { rows: 2, characters: 10, caption: 'Fifty', status: 'that is all' },
  );
  expect(cells()).toHaveLength(3);
  expect(cells()[0]?.[1]).toBe('xxxxxxxxxx … 90 more characters');
  expect(textOf(String(shown[0]?.['text/html']))).toMatch(/^Fifty.*that is all$/);
});

test.each([
  ['text', 'text'],
  [42n, '42'],
  [-0, '-0'],
  [null, 'null'],
  [undefined, 'undefined'],
  [new Date(0), '1970-01-01T00:00:00.000Z'],
  [Buffer.from('hi'), '"hi" (2 bytes)'],
])('%o is a line of text', (value, text) => {
  show(value);
  expect(shown).toEqual([{ 'text/plain': text }]);
});

test('a bundle is shown as it is', () => {
  const bundle = { 'text/plain': 'x', 'text/markdown': '*x*' };
  show(bundle);
  expect(shown).toEqual([bundle]);
});

test('rows and columns, with a count of rows', () => {
  show({ columns: [{ name: 'a', type: 'BIGINT' }], rows: [[1]], totalRows: 5 });
  expect(cells().flat()).toEqual(['1', '⋮ 4 more rows']);
});

test('what can make a table of itself is asked for it', () => {
  show({ toTable: () => [{ made: 'yes' }] });
  expect(cells()).toEqual([['yes']]);
});

test('what can show itself does so', async () => {
  const calls: unknown[] = [];
  show({ show: (options: unknown) => void calls.push(options) }, { rows: 3 });
  await show({ show: async () => void calls.push('async') });
  expect(calls).toEqual([{ rows: 3 }, 'async']);
  expect(shown).toEqual([]);
});

test('a promise is shown when it is there, in the cell that asked', async () => {
  const waiting = show(Promise.resolve([{ late: 1 }]));
  setKernelHook({ currentCell: () => undefined });
  await waiting;
  expect(cells()).toEqual([['1']]);
  await expect(show(Promise.reject(new Error('no')))).rejects.toThrow('no');
});

test('an asynchronous sequence is shown while it comes and when it ends', async () => {
  async function* three() {
    for (let i = 0; i < 3; i++) yield { i };
  }
  await show(three());
  expect(shown).toHaveLength(1);
  expect(cells()).toEqual([['0'], ['1'], ['2']]);
});

test('one without end stops at 10,000, even when it never waits, and is closed', async () => {
  let closed = false;
  async function* naturals() {
    try {
      for (let i = 0; ; i++) yield i;
    } finally {
      closed = true;
    }
  }
  await show(naturals(), { rows: 2 });
  expect(cells().flat()).toEqual(['0', '1', '⋮ over 9,998 more rows']);
  expect(closed).toBe(true);
});

test('one that waits for ever is stopped with the cell, and what came is kept', async () => {
  let waits = () => {};
  const waiting = new Promise<void>((resolve) => {
    waits = resolve;
  });
  async function* stuck() {
    yield 'here';
    waits();
    await new Promise(() => {});
  }
  const showing = show(stuck());
  await waiting;
  expect(await stopRunning(1)).toContain('show');
  await showing;
  expect(cells()).toEqual([['here']]);
});

test('what came before a failure is kept, and the failure is thrown', async () => {
  async function* failing() {
    yield 1;
    throw new Error('connection lost');
  }
  await expect(show(failing())).rejects.toThrow('connection lost');
  expect(cells()).toEqual([['1']]);
});

test('an error shows its message, hint and cause, as text', () => {
  const error = new Error('[streambook/unknown-column] no column <b>\n  SELECT x\n         ^\n  hint: try y', {
    cause: new TypeError('deep'),
  });
  error.name = 'UnknownColumnError';
  show(error);
  const html = String(shown[0]?.['text/html']);
  expect(new Set(tagsOf(html).map((tag) => tag.name))).toEqual(new Set(['div', 'strong', 'details', 'summary', 'pre']));
  expect(textOf(html)).toContain('no column <b>');
  expect(textOf(html)).toContain('hint: try y');
  expect(shown[0]?.['text/plain']).toBe(
    'UnknownColumnError [streambook/unknown-column]: no column <b>\n  SELECT x\n         ^\n  hint: try y\ncaused by TypeError: deep',
  );
});

test('errors in a circle and errors of many come to an end', () => {
  const circle = new Error('a');
  circle.cause = new Error('b', { cause: circle });
  show(circle);
  expect(shown[0]?.['text/plain']).toBe('Error: a\ncaused by Error: b');
  show(new AggregateError([new Error('x'), 'y'], 'all failed'));
  expect(shown[1]?.['text/plain']).toBe('AggregateError: all failed\ncaused by Error: x\ncaused by y');
});

test('what an object says of itself is shown, not what it is made of', () => {
  class Message {
    private readonly raw = 'bytes';
    constructor(readonly offset: number) {}
    [Symbol.for('nodejs.util.inspect.custom')]() {
      return { offset: this.offset, key: this.raw.length };
    }
  }
  show([new Message(7), new Message(8)]);
  expect(cells()).toEqual([
    ['7', '5'],
    ['8', '5'],
  ]);
  show(new Message(9));
  expect(cells()).toEqual([
    ['offset', '9'],
    ['key', '5'],
  ]);
});

test('an object that throws at every touch is shown as far as it can be', () => {
  const trap = () => {
    throw new Error('trap');
  };
  expect(() => show(new Proxy({ a: 1 }, { get: trap, ownKeys: trap, has: trap }))).not.toThrow();
  show([new Proxy({ a: 1 }, { get: trap })]);
  expect(cells()).toEqual([['[unreadable: trap]']]);
});

test('a browser is not given a million rows', () => {
  show(
    Array.from({ length: 1_000_000 }, (_, i) => i),
    { rows: Number.POSITIVE_INFINITY },
  );
  expect(cells()).toHaveLength(10_001);
  expect(String(shown.at(-1)?.['text/html'])).toContain('990,000 more rows');
});
