import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Pacing } from '../../../src/kernel/transport/pacing.js';

test('few messages do not wait', () => {
  const pacing = new Pacing(() => 0);
  for (let i = 0; i < 500; i++) expect(pacing.take(1000)).toBe(0);
});

test('never more than 1,000 messages or 1 MB per second over three seconds', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 0, max: 5 })), {
        minLength: 3000,
        maxLength: 5000,
      }),
      (messages) => {
        let now = 0;
        const pacing = new Pacing(() => now);
        const sent: { at: number; bytes: number }[] = [];
        for (const [bytes, pauseMs] of messages) {
          now += pauseMs;
          now += pacing.take(bytes);
          sent.push({ at: now, bytes });
        }
        let from = 0;
        let total = 0;
        for (const [index, { at, bytes }] of sent.entries()) {
          total += bytes;
          while (sent[from]!.at <= at - 3000) total -= sent[from++]!.bytes;
          expect(index - from + 1).toBeLessThanOrEqual(3000);
          expect(total).toBeLessThanOrEqual(3_000_000);
        }
      },
    ),
    { numRuns: 10 },
  );
});
