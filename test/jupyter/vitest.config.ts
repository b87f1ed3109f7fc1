import { defineConfig } from 'vitest/config';
import { retry } from '../support/vitest.mjs';

// The kernel as front ends use it: a Jupyter server, its kernels, JupyterLab's own client library.
export default defineConfig({
  test: {
    include: ['test/jupyter/**/*.test.ts'],
    retry,
    globalSetup: ['test/jupyter/server.ts'],
    // Each file has a kernel of its own, of 200 MB; two at a time are enough for two processors.
    maxWorkers: 2,
    testTimeout: 90_000,
    hookTimeout: 120_000,
  },
});
