import { expect, test } from 'vitest';
import { SlowCalls } from '../../../src/engine/run/slow-calls.js';
import { compareOutputs } from '../../../src/kernel/client/compare.js';
import type { Output } from '../../../src/kernel/client/outputs.js';

const run = { startedAt: Date.now(), endedAt: Date.now() };
const out = (text: string): Output => ({ output_type: 'stream', name: 'stdout', text });
const shown = (text: string, more: object = {}): Output => ({
  output_type: 'display_data',
  data: { 'text/plain': text, ...more },
  metadata: {},
});
const compare = (committed: Output[], got: Output[], varies = false) => compareOutputs(committed, got, run, varies);

test('pieces of a stream are one stream', () => {
  expect(compare([out('a\n'), out('b\n')], [out('a\nb\n')])).toBeUndefined();
});

test('HTML is not compared, its text is', () => {
  expect(compare([shown('t', { 'text/html': '<b>1</b>' })], [shown('t', { 'text/html': '<i>2</i>' })])).toBeUndefined();
  expect(compare([shown('t', { 'text/html': '1' })], [shown('u', { 'text/html': '1' })])).toContain('-t');
});

test('a difference is shown as one', () => {
  const found = compare([out('one\ntwo\nthree\n')], [out('one\n2\nthree\n')]);
  expect(found).toContain('output 1 (stdout) differs');
  expect(found).toMatch(/ one\n.*-two\n.*\+2\n.* three/);
});

test('an output that is missing, added or of another kind is told', () => {
  expect(compare([out('a')], [])).toContain('other outputs');
  expect(compare([out('a')], [out('a'), shown('b')])).toContain('display: text/plain');
  expect(compare([shown('a')], [shown('a', { 'text/html': 'a' })])).toContain('text/html');
  expect(compare([], [out('a')])).toContain('--update');
});

test('a cell that varies has to show the same kinds', () => {
  expect(compare([out('1'), shown('x')], [out('2'), shown('y'), out('3')], true)).toBeUndefined();
  expect(compare([out('1')], [shown('2')], true)).toContain('other outputs');
});

test('errors are compared by name and message, not by trace', () => {
  const error = (evalue: string, line: string): Output => ({
    output_type: 'error',
    ename: 'RangeError',
    evalue,
    traceback: [line],
  });
  expect(compare([error('no', 'a')], [error('no', 'b')])).toBeUndefined();
  expect(compare([error('no', 'a')], [error('yes', 'a')])).toContain('RangeError: yes');
});

test('that the machine was busy is no difference; other complaints are', () => {
  const said: string[] = [];
  const slow = new SlowCalls((message) => said.push(message));
  slow.sourceTook(271, { name: 'Sum', line: 'cell [11]:6:4' });
  const busy = new SlowCalls((message) => said.push(message));
  busy.stretchTook(500);
  busy.finish();
  expect(said).toHaveLength(2);
  const stderr = (text: string): Output => ({ output_type: 'stream', name: 'stderr', text });
  const all = said.map((text) => `${text}\n`).join('');
  expect(compare([out('a\n')], [out('a\n'), stderr(all)])).toBeUndefined();
  expect(compare([out('a\nb\n')], [out('a\n'), stderr(all), out('b\n')])).toBeUndefined();
  expect(compare([stderr(all), out('a\n')], [out('a\n')])).toBeUndefined();
  expect(compare([out('a\n')], [out('a\n'), stderr(`${all}oh no\n`)])).toContain('oh no');
});
