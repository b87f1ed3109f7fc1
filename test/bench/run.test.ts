import { describe, expect, test } from 'vitest';
import { parseBenchArguments } from '../../bench/run.mjs';
import { formatTable, median } from '../../bench/table.mjs';

describe('the arguments of npm run bench', () => {
  test('workloads, a file, a number of runs', () => {
    expect(parseBenchArguments(['start', '--json', 'out.json', '--runs', '5'])).toEqual({
      names: ['start'],
      json: 'out.json',
      runs: 5,
    });
    expect(parseBenchArguments([]).names).toContain('start');
  });

  test.each([
    [['nothing-like-it'], 'there is no workload nothing-like-it'],
    [['start', '--jsno', 'x'], 'there is no option --jsno'],
    [['start', '--json'], '--json needs a value'],
    [['start', '--runs', '0'], '--runs 0'],
  ])('%j is refused in words', (args, message) => {
    expect(() => parseBenchArguments(args)).toThrow(message);
  });
});

test('the median', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([10, 9, 100, 1])).toBe(10);
});

test('a line per engine, a column per number, and a dash where there is none', () => {
  const table = formatTable({
    ours: { eventsPerSecond: 1234567, runs: [1] },
    theirs: { firstResultMs: 1.25, runs: [] },
  });
  expect(table.split('\n').map((line) => line.trim().split(/ {2,}/))).toEqual([
    ['engine', 'eventsPerSecond', 'firstResultMs'],
    ['ours', '1,234,567', '-'],
    ['theirs', '-', '1.25'],
  ]);
});
