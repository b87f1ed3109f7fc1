import { describe, expect, test } from 'vitest';
import { difference } from '../../../src/kernel/client/varying.js';

const startedAt = Date.parse('2026-03-04T10:00:00.000Z');
const run = { startedAt, endedAt: startedAt + 5000 };
const same = (committed: string, got: string): boolean => difference(committed, got, run) === undefined;

describe('may differ', () => {
  test.each([
    ['took 12.5 ms', 'took 1,200 ms'],
    ['after 0.3 s', 'after 12 s'],
    ['1,024 bytes/s', '99.5 bytes/s'],
    ['5 messages per second', '7 messages per second'],
    ['listening on 127.0.0.1:9092', 'listening on 127.0.0.1:41234'],
    ['port 9092', 'port 1'],
    ['id 3f2504e0-4f89-41d3-9a0c-0305e82c3301', 'id 00000000-0000-0000-0000-000000000000'],
    ['at 2025-01-01T00:00:00.000Z', 'at 2026-03-04T10:00:03.123Z'],
    ['at 1735689600000', `at ${startedAt + 1000}`],
    ['a   \nb\n\n', 'a\nb'],
    ['\u001b[31mred\u001b[39m', 'red'],
  ])('%j and %j', (committed, got) => {
    expect(same(committed, got)).toBe(true);
  });
});

describe('may not differ', () => {
  test.each([
    ['count 5', 'count 6'],
    ['5 words', '6 words'],
    ['offset 1234567890', 'offset 1234567891'],
    // Times that belong to the data.
    ['2024-01-01 12:00:00', '2024-01-01 12:00:05'],
    ['1704110400000', '1704110405000'],
    ['12:00:00', '03:00:05'],
    ['took 5 ms', 'took 5'],
    ['a', 'a\nb'],
    [' a', 'a'],
  ])('%j and %j', (committed, got) => {
    expect(same(committed, got)).toBe(false);
  });
});

test('what is shown leaves out what may differ anyway', () => {
  expect(difference('5 words in 3 ms', '6 words in 4 ms', run)).toEqual({
    committed: '5 words in <duration>',
    got: '6 words in <duration>',
  });
  expect(difference('2024-01-01 12:00:00 in 3 ms', '2024-01-01 12:00:05 in 4 ms', run)).toEqual({
    committed: '2024-01-01 12:00:00 in <duration>',
    got: '2024-01-01 12:00:05 in <duration>',
  });
});
