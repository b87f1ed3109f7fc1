import { expect, test } from 'vitest';
import { PythonRandom } from '../../bench/random.mjs';

// What `random.Random(seed)` of Python 3.11 gives.
test("numbers are those of Python's generator", () => {
  const random = new PythonRandom(42);
  expect([random.random(), random.random()]).toEqual([0.6394267984578837, 0.025010755222666936]);
  expect([1, 2, 3, 4].map(() => random.randint(1, 100))).toEqual([36, 32, 29, 18]);
  expect(random.choice('abcdefghij')).toBe('b');
  const letters = [1, 2, 3, 4, 5].map(() => 'abcdef'[random.weighted([1, 2, 4, 5, 7, 8])]);
  expect(letters).toEqual(['e', 'f', 'a', 'c', 'a']);
});

test('past the first block of the generator, too', () => {
  const random = new PythonRandom(7);
  for (let i = 0; i < 1000; i++) random.random();
  expect(random.random()).toBe(0.950867979111096);
});
