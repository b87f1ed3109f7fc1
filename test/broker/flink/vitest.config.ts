import { defineConfig } from 'vitest/config';

// Flink's Kafka connector against our broker, and the real Kafka beside it; `npm run test:long -- flink` runs it.
export default defineConfig({
  test: {
    include: ['test/broker/flink/**/*.test.ts'],
    globalSetup: ['test/broker/clients/brokers.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
