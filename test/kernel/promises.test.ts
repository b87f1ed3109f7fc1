import { AsyncLocalStorage } from 'node:async_hooks';
import { inspect } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hideBookkeeping, promiseText } from '../../src/kernel/promises.js';

const storage = new AsyncLocalStorage<object>();

beforeEach(hideBookkeeping);
afterEach(() => {
  Reflect.deleteProperty(Promise.prototype, inspect.custom);
  storage.disable();
});

test('a promise is shown without what async hooks keep in it', async () => {
  await storage.run({ secret: 'bookkeeping' }, async () => {
    expect(inspect(new Promise(() => undefined))).toBe('Promise { <pending> }');
    expect(inspect(Promise.resolve([1, 2]))).toBe('Promise { [ 1, 2 ] }');
    expect(inspect({ inside: Promise.resolve('a') })).toBe("{ inside: Promise { 'a' } }");
    expect(inspect(Object.freeze(Promise.resolve(1)))).toContain('Promise');
  });
});

test('what a reader put on a promise is still shown, and shown twice the same', () => {
  const promise = Object.assign(Promise.resolve(1), { note: 'mine' });
  expect(inspect(promise)).toBe("Promise { 1, note: 'mine' }");
  expect(inspect(promise)).toBe("Promise { 1, note: 'mine' }");
});

test('a promise as the value of a cell says what was forgotten', () => {
  expect(promiseText(Promise.resolve(1))).toMatch(/^Promise \{ 1 \}\nhint: .*await/);
  expect(promiseText(1)).toBeUndefined();
});
