import { defineConfig } from 'vitest/config';

// A real Flink and a real Kafka, started once: `npm run test:long -- cluster`, and part of `npm test` on CI.
export default defineConfig({
  test: {
    include: ['test/cluster/**/*.test.ts'],
    globalSetup: ['test/cluster/setup.ts'],
    fileParallelism: false,
    maxConcurrency: 3,
    testTimeout: 240_000,
    hookTimeout: 240_000,
  },
});
