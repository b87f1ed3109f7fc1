import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { nearest } from '../../src/core/nearest.js';
import { receive, send, sendFile, sendRows, topics } from '../../src/kafka/index.js';

// JavaScript callers and objects put together elsewhere: what TypeScript cannot see.
const wrong = (options: object) => options as never;

describe('options that nobody knows', () => {
  test('are refused, with the nearest name', async () => {
    expect(() => receive('novel', wrong({ form: 'earliest' }))).toThrow(
      /receive has no option `form`\n {2}hint: did you mean `from`\?/,
    );
    expect(() => sendFile('a.txt', wrong({ topic: 'novel', chunkbytes: 3 }))).toThrow(/`chunkBytes`/);
    expect(() => send('novel', ['a'], wrong({ everyms: 3 }))).toThrow(/`everyMs`/);
    expect(() => sendRows('a.csv', wrong({ topic: 'novel', headers2: 3, zzz: 1 }))).toThrow(/has no option/);
    await expect(topics.create('novel', wrong({ partition: 3 }))).rejects.toThrow(/`partitions`/);
  });

  test('of another helper are let through: one object may serve several', () => {
    expect(() => receive('novel', wrong({ show: false, partitions: 3 }))).not.toThrow();
  });

  test('that are no object are refused', () => {
    expect(() => receive('novel', wrong('earliest' as never))).toThrow(/the options of receive are `earliest`/);
  });

  test('a topic that is missing is named as such', () => {
    expect(() => receive(undefined as never)).toThrow(/`undefined` cannot be a topic's name/);
  });
});

test('letters that changed places are near', () => {
  expect(nearest('novle', ['payments', 'novel', 'tills'])).toBe('novel');
  expect(nearest('form', ['from', 'commit'])).toBe('from');
  expect(nearest('xyz', ['from', 'commit'])).toBeUndefined();
});

test('what a cell shows of a stream or a sending is one line', async () => {
  const receiving = receive('novel', { until: 'end' });
  expect(inspect(receiving)).toMatch(/^Receiving from novel: nothing is read yet: /);
  const sending = sendFile('no such file.txt', { topic: 'novel', show: false });
  expect(inspect(sending)).toMatch(/^Sending to novel: running, 0 messages so far; `await` it/);
  await expect(sending.done).rejects.toThrow('there is no file');
  expect(inspect(sending)).toBe('Sending to novel: failed, 0 messages');
});
