import { defineConfig } from 'vitest/config';
import { retry } from '../support/vitest.mjs';

// The set-up's own tests: they start programs, so they are no part of the units. `npm test -- setup` runs them.
export default defineConfig({
  test: {
    include: ['test/setup/**/*.test.ts'],
    retry,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Each starts processes of its own; side by side they would only wait for the processor.
    fileParallelism: false,
  },
});
