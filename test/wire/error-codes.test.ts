import { expect, test } from 'vitest';
import { errorCodes, kafkaError, kafkaErrors } from '../../src/wire/index.js';

test('every code from -1 on is there once, with words', () => {
  const all = kafkaErrors();
  expect(all.map(({ code }) => code)).toEqual(Array.from({ length: all.length }, (_, i) => i - 1));
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  for (const { message } of all) expect(message.length).toBeGreaterThan(7);
});

test('look-ups in both directions', () => {
  expect(errorCodes.UNSUPPORTED_VERSION).toBe(35);
  expect(kafkaError(3)).toMatchObject({ name: 'UNKNOWN_TOPIC_OR_PARTITION', retriable: true });
  expect(kafkaError(-1)?.name).toBe('UNKNOWN_SERVER_ERROR');
  expect(kafkaError(9999)).toBeUndefined();
});
