import { defineConfig } from 'vitest/config';

// A JupyterLab server and a browser: `npm run browser`, not part of the default run.
export default defineConfig({
  test: {
    include: ['test/browser/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 240_000,
    hookTimeout: 240_000,
  },
});
