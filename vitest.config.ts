import { defineConfig } from 'vitest/config';
import { maxWorkers, retry } from './test/support/vitest.mjs';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // These start JupyterLab, browsers, brokers by the hundred; `npm test` and `npm run test:long` call them by name.
    exclude: [
      'test/browser/**',
      'test/cluster/**',
      'test/fault/**',
      'test/setup/**',
      'test/package/**',
      'test/jupyter/**',
      'test/broker/clients/**',
      'test/broker/flink/**',
    ],
    setupFiles: ['test/support/same-cases.mjs'],
    retry,
    maxWorkers,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
