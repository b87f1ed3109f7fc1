import { defineConfig } from 'vitest/config';
import { retry } from '../support/vitest.mjs';

// Packs and installs the library as its users get it; `npm test -- package` runs it.
export default defineConfig({
  test: { include: ['test/package/**/*.test.ts'], retry, testTimeout: 240_000, hookTimeout: 240_000 },
});
