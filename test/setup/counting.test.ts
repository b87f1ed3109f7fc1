import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { layout, projectRoot } from '../../src/cli/setup/paths.mjs';
import { inTime, vitest } from '../../src/cli/setup/section-kinds.mjs';

// What `npm test` makes of a vitest run: a small project with every way a test can end.
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'streambook-counting-'));
  symlinkSync(join(projectRoot, 'node_modules'), join(folder, 'node_modules'), 'junction');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the files in a vitest of their own. */
async function counted(files: Record<string, string>, retry = 0) {
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  const root = mkdtempSync(join(folder, 'case-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text);
  return vitest(layout(projectRoot), { args: ['--root', root, '--config', 'none.mjs', `--retry=${retry}`] });
}
const imports = "import { describe, expect, test, beforeAll } from 'vitest';\n";
const config = { 'none.mjs': "export default { test: { include: ['*.test.js'] } };" };

test('counts what passed, and says by name what failed and why', async () => {
  const count = await counted({
    ...config,
    'a.test.js': `${imports}test('well', () => {}); describe('sums', () => { test('wrong', () => expect(1 + 1).toBe(3)); }); test.skip('later', () => {});`,
    'b.test.js': `${imports}test('fine', () => {});`,
  });
  expect(count).toMatchObject({ passed: 2, failed: 1, secondTry: [] });
  expect(count.failures).toEqual([expect.stringMatching(/^a\.test\.js > sums > wrong\n {4}expected 2 to be 3.*\n/)]);
});

test('a file that does not load, a group that does not begin and an error outside every test are failures', async () => {
  const count = await counted({
    ...config,
    'a.test.js': 'this is no JavaScript',
    'b.test.js': `${imports}describe('group', () => { beforeAll(() => { throw new Error('no broker'); }); test('never', () => {}); });`,
    'c.test.js': `${imports}test('leaves a promise behind', async () => { Promise.reject(new Error('behind')); await new Promise((r) => setTimeout(r, 50)); });`,
  });
  expect(count.passed).toBe(1);
  expect(count.failed).toBe(count.failures?.length);
  const said = count.failures?.join('\n') ?? '';
  expect(said).toMatch(/^a\.test\.js\n/m);
  expect(said).toContain('no broker');
  expect(said).toMatch(/^outside every test\n {4}behind/m);
});

test('what passed only when tried again is counted as passed, and named with its first error', async () => {
  const flaky = `${imports}let tries = 0; test('unsteady', () => { tries += 1; expect(tries).toBe(2); });`;
  const count = await counted({ ...config, 'a.test.js': flaky }, 1);
  expect(count).toMatchObject({ passed: 1, failed: 0 });
  expect(count.secondTry).toEqual([expect.stringMatching(/^a\.test\.js > unsteady\n {4}expected 1 to be 2/)]);
  expect(await counted({ ...config, 'a.test.js': flaky })).toMatchObject({ passed: 0, failed: 1, secondTry: [] });
});

test('a section whose test spins for ever is ended, and counts as failed', async () => {
  const spins = counted({ ...config, 'a.test.js': `${imports}test('spins', () => { for (;;); });` });
  const count = await inTime(spins, 0.1);
  expect(count).toMatchObject({ passed: 0, failed: 1, failures: [expect.stringContaining('not ended after 0.1 min')] });
  await spins.catch(() => {});
});
