import { expect, test } from 'vitest';
import { isComplete } from '../../../src/kernel/patches/is-complete.js';
import { loadTslab } from '../../../src/kernel/tslab.js';

const tslab = loadTslab();

test.each([
  ['1 + 1', 'complete'],
  ['const a = `b`', 'complete'],
  ['// `', 'complete'],
  ['const a = `b', 'incomplete'],
  ['f(`a $' + '{b} c', 'incomplete'],
  ['f(`a $' + '{b', 'incomplete'],
  ['/* more', 'incomplete'],
  ['function f() {', 'incomplete'],
  ['f(', 'incomplete'],
])('%s', (code, status) => {
  expect(isComplete(tslab, code).status).toBe(status);
});
