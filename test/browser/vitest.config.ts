import { defineConfig } from 'vitest/config';
import { retry } from '../support/vitest.mjs';

// A JupyterLab server and a browser: `npm run browser`, not part of the default run. With `--mode screenshots`
// (`npm run screenshots`) the pictures in docs/screenshots are made anew on the way.
export default defineConfig(({ mode }) => ({
  test: {
    include: ['test/browser/**/*.test.ts'],
    retry,
    env: { STREAMBOOK_SCREENSHOTS: mode === 'screenshots' ? '1' : '' },
    fileParallelism: false,
    testTimeout: 240_000,
    hookTimeout: 240_000,
  },
}));
