import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { StreambookError } from '../../src/core/errors.js';
import { reportDiagnostics, reportError, reportInterrupt } from '../../src/kernel/report.js';
import { registerScript } from '../../src/kernel/stack.js';

const textOf = (report: { traceback: readonly string[] }): string =>
  stripVTControlCharacters(report.traceback.join('\n'));

test('what was thrown need not be an error', () => {
  expect(reportError('text')).toMatchObject({ ename: 'Thrown', evalue: "'text'" });
  expect(reportError(undefined)).toMatchObject({ ename: 'Thrown', evalue: 'undefined' });
  expect(reportError({ a: 1 })).toMatchObject({ evalue: '{ a: 1 }' });
});

test('causes and errors taken together are told', () => {
  const text = textOf(reportError(new Error('outer', { cause: new TypeError('inner') })));
  expect(text).toContain('Error: outer');
  expect(text).toContain('caused by: TypeError: inner');
  expect(textOf(reportError(new AggregateError([new Error('a'), 'b'], 'both')))).toMatch(
    /one of: Error: a.*one of: 'b'/s,
  );
});

test('a chain of causes that bites its tail ends', () => {
  const error: Error & { cause?: unknown } = new Error('a');
  error.cause = error;
  expect(textOf(reportError(error))).toContain('Error: a');
});

test('one of ours is its message and hint', () => {
  const error = new StreambookError('no-such', 'no topic `x`', { hint: 'create it' });
  expect(textOf(reportError(error))).toBe('StreambookError: [streambook/no-such] no topic `x`\n  hint: create it');
});

test('one of ours says its cause in a line, without saying the hint twice', () => {
  const cause = new StreambookError('inner', 'the broker is gone', { hint: 'start one' });
  const text = textOf(reportError(new StreambookError('outer', 'sending stopped', { hint: 'start one', cause })));
  expect(text.match(/hint: start one/g)).toHaveLength(1);
  expect(text).toContain('caused by: StreambookError: [streambook/inner] the broker is gone');
});

test('what the type checker found names line and column', () => {
  registerScript('cell [90]', {
    file: 'cell [90]',
    source: 'const a = 1;\n\tconst b: string = a;',
    maps: [],
    insertions: [],
    linesBefore: 1,
    lines: 0,
  });
  const start = { line: 1, character: 7 };
  const report = reportDiagnostics([{ start, end: start, messageText: 'wrong type', code: 1 }], 'cell [90]');
  expect(report).toMatchObject({ ename: 'TypeScriptError', evalue: 'wrong type' });
  expect(textOf(report)).toBe(
    [
      'TypeScript: wrong type',
      '  cell [90], line 2, column 8',
      '    1 | const a = 1;',
      '  > 2 | \tconst b: string = a;',
      '      | \t      ^',
    ].join('\n'),
  );
});

test('of the steps in which the type checker explains a mistake, the last one leads', () => {
  const at = (messageText: string, character = 3, code = 1) => {
    const start = { line: 0, character };
    return { start, end: start, messageText, code };
  };
  const overloads = reportDiagnostics(
    [
      at('No overload matches this call.'),
      at('The last overload gave the following error.'),
      at("Argument of type 'A' is not assignable to parameter of type 'B'."),
      at("'form' does not exist in type 'B'."),
    ],
    'cell [91]',
  );
  expect(overloads.evalue).toBe("'form' does not exist in type 'B'.");
  expect(textOf(overloads).split('\n').slice(-1)).toEqual([
    "  Argument of type 'A' is not assignable to parameter of type 'B'.",
  ]);
  expect(textOf(overloads).match(/TypeScript:/g)).toHaveLength(1);
  const two = reportDiagnostics([at('one', 1), at('other', 5)], 'cell [91]');
  expect(textOf(two).match(/TypeScript:/g)).toHaveLength(2);
});

test('a name that is not known is told once, with what to do', () => {
  const at = (character: number) => ({ line: 0, character });
  const report = reportDiagnostics(
    [1, 9, 17].map((c) => ({ start: at(c), end: at(c), messageText: "Cannot find name 'topics'.", code: 2304 })),
    'cell [92]',
  );
  expect(textOf(report).match(/Cannot find name/g)).toHaveLength(1);
  expect(textOf(report)).toContain('hint: run the cell');
});

test('a loop without its await is told of it', () => {
  const start = { line: 0, character: 0 };
  const messageText = "Type 'Receiving<string>' must have a '[Symbol.iterator]()' method that returns an iterator.";
  const report = reportDiagnostics([{ start, end: start, messageText, code: 2488 }], 'cell [93]');
  expect(textOf(report)).toContain('hint: what arrives over time is read by `for await');
});

test.each([
  ["Property 'length' does not exist on type 'Promise<Message<string>[]>'.", 'put `await` before what makes it'],
  [
    "Type 'Promise<number[]>' must have a '[Symbol.iterator]()' method that returns an iterator.",
    'put `await` before what makes it',
  ],
  ["Type 'Promise<number>' is not assignable to type 'number'.", 'put `await` before what makes it'],
  ["Property 'word' does not exist on type 'void'.", 'gives nothing back without `return`'],
  ["Property 'sum' does not exist on type 'DataStream<{ n: number; }>'.", '`.keyBy(...)` comes before it'],
  ["Type 'number' is not assignable to type 'From'.", '{ offsets: { 0: 5 } }'],
])('%s', (messageText, hint) => {
  const start = { line: 0, character: 0 };
  const report = reportDiagnostics([{ start, end: start, messageText, code: 2339 }], 'cell [94]');
  expect(textOf(report)).toContain(hint);
  expect(textOf(report).match(/hint:/g)).toHaveLength(1);
});

test('quotation marks of a text, or of a Chinese keyboard, are told as that', () => {
  const start = { line: 0, character: 12 };
  const invalid = { start, end: start, messageText: 'Invalid character.', code: 1127 };
  const name = { start: { line: 0, character: 13 }, end: start, messageText: "Cannot find name 'a'.", code: 2304 };
  const hints = textOf(reportDiagnostics([invalid, name, invalid], 'cell [95]')).match(/hint:.*/g);
  expect(hints).toEqual([expect.stringContaining('neither “ ” ‘ ’ nor （ ） ， ； ：')]);
});

test('an interrupt is one line', () => {
  expect(reportInterrupt().traceback).toHaveLength(1);
});
