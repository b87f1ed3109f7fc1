import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { projectRoot } from '../../../src/cli/setup/paths.mjs';

const modules = { streambook: 'src/index.ts', 'streambook/testing': 'src/datastream/testing/index.ts' };

// Inside the project, so that what runs tests compiles them as it compiles everything.
const folder = mkdtempSync(join(projectRoot, 'test', 'datastream', 'testing', 'docs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const text = readFileSync(join(projectRoot, 'docs', 'testing.md'), 'utf8');
const examples = [...text.matchAll(/^## (.+)$[\s\S]*?^```ts\n([\s\S]*?)^```$/gm)].map(([, title, code]) => ({
  title,
  code,
}));

it('has examples', () => {
  expect(examples.length).toBeGreaterThanOrEqual(3);
});

it.each(examples)('$title: the example runs', async ({ title, code }) => {
  let program = `import { expect } from 'vitest';\n${code}`;
  for (const [name, path] of Object.entries(modules)) {
    program = program.replaceAll(`from '${name}'`, `from ${JSON.stringify(join(projectRoot, path))}`);
  }
  const file = join(folder, `${title?.replace(/\W+/g, '-')}.ts`);
  writeFileSync(file, program);
  const before = expect.getState().assertionCalls;
  await import(/* @vite-ignore */ file);
  expect(expect.getState().assertionCalls).toBeGreaterThan(before);
});
