import { defineConfig } from 'vitest/config';
import { retry } from '../../support/vitest.mjs';

// Every kind of Kafka client against our broker, and the real Kafka where Java is; `npm test -- clients` runs it.
export default defineConfig({
  test: {
    include: ['test/broker/clients/**/*.test.ts'],
    retry,
    globalSetup: ['test/broker/clients/brokers.ts'],
    // Each of them keeps a client, a broker and perhaps a Java machine busy.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 300_000,
  },
});
