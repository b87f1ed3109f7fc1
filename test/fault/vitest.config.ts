import { defineConfig } from 'vitest/config';
import { retry } from '../support/vitest.mjs';

// Processes are killed here, again and again. FAULT_KILLS says how often: 20 unless set, 200 in the long run.
export default defineConfig({
  test: {
    include: ['test/fault/**/*.test.ts'],
    // A loss is a loss, also when it does not come back: only where little is killed may a test be tried again.
    retry: process.env.FAULT_KILLS === undefined ? retry : 0,
    testTimeout: 30 * 60_000,
    hookTimeout: 120_000,
    // Programs that are to be killed wait now and then; two at a time leave no core idle.
    maxWorkers: 2,
  },
});
