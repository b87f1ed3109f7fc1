import { expect, test } from 'vitest';
import { Random } from '../../../src/lessons/data/random.js';

test('is spread evenly', () => {
  const random = new Random('even');
  const buckets = new Array(10).fill(0) as number[];
  for (let i = 0; i < 100_000; i++) buckets[Math.floor(random.next() * 10)]!++;
  for (const count of buckets) expect(Math.abs(count - 10_000)).toBeLessThan(500);
});

test('whole numbers reach both ends, and no further', () => {
  const random = new Random('ends');
  const seen = new Set(Array.from({ length: 1000 }, () => random.whole(3, 6)));
  expect([...seen].sort()).toEqual([3, 4, 5, 6]);
});

test('the sum of twelve is about normal', () => {
  const random = new Random('normal');
  const values = Array.from({ length: 20_000 }, () => random.normal());
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length;
  expect(Math.abs(mean)).toBeLessThan(0.05);
  expect(Math.abs(variance - 1)).toBeLessThan(0.05);
});
