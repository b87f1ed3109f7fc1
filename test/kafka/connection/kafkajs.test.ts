import { createRequire } from 'node:module';
import { afterEach, expect, test, vi } from 'vitest';
import { kafkajs } from '../../../src/kafka/connection/kafkajs.js';

afterEach(() => vi.restoreAllMocks());

test('a request queue that was never throttled schedules nothing in the past', async () => {
  await kafkajs();
  const Queue = createRequire(import.meta.url)('kafkajs/src/network/requestQueue');
  const delays: (number | undefined)[] = [];
  const timer = setTimeout(() => {}, 0);
  vi.spyOn(globalThis, 'setTimeout').mockImplementation(((_: unknown, ms?: number) => {
    delays.push(ms);
    return timer;
  }) as typeof setTimeout);
  let now = Date.now();
  vi.spyOn(Date, 'now').mockImplementation(() => ++now);
  const queue = new Queue({
    maxInFlightRequests: null,
    requestTimeout: 1000,
    logger: { namespace: () => ({ debug() {} }) },
  });
  queue.scheduleCheckPendingRequests();
  expect(delays).toHaveLength(1);
  expect(delays[0]).toBeGreaterThanOrEqual(0);
});
