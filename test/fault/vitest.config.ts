import { defineConfig } from 'vitest/config';

// Processes are killed here, again and again. FAULT_KILLS says how often: 20 unless set, 200 in the long run.
export default defineConfig({
  test: {
    include: ['test/fault/**/*.test.ts'],
    testTimeout: 30 * 60_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
});
