import { expect, it } from 'vitest';
import { queuedMs } from '../../../src/engine/run/queued-time.js';

it('never goes back, and is never more than the time that has passed', () => {
  const began = performance.now();
  const before = queuedMs();
  for (let i = 0; i < 1000; i++) expect(queuedMs()).toBeGreaterThanOrEqual(before);
  // The scheduler's clock and ours do not tick together.
  expect(queuedMs() - before).toBeLessThan(performance.now() - began + 50);
});
