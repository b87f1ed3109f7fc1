import { afterEach, expect, test, vi } from 'vitest';
import { pace } from '../../src/lessons/pace.js';

afterEach(() => vi.unstubAllEnvs());

test('as in class, unless told otherwise', () => {
  vi.stubEnv('STREAMBOOK_PACE', '');
  expect(pace()).toBe(3000);
  expect(pace(200)).toBe(200);
  vi.stubEnv('STREAMBOOK_PACE', '0');
  expect(pace(200)).toBe(0);
});

test('what is no length of time is refused', () => {
  vi.stubEnv('STREAMBOOK_PACE', '');
  expect(() => pace(-1)).toThrow(/pace\(-1\)/);
  vi.stubEnv('STREAMBOOK_PACE', 'fast');
  expect(() => pace()).toThrow(/STREAMBOOK_PACE=fast/);
});
