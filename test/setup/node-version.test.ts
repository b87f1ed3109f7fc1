import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { oldestNode, tooOldNode } from '../../src/cli/setup/node-version.mjs';
import { projectRoot } from '../../src/cli/setup/paths.mjs';

test.each(['20.19.0', '20.20.2', '21.0.0', '24.1.0', '26.10.0', '100.0.0'])('Node %s will do', (version) => {
  expect(tooOldNode(version)).toBeUndefined();
});

test.each(['8.17.0', '14.21.3', '18.20.4', '20.9.0', '20.18.9'])(
  'Node %s is too old, and is told what to do',
  (version) => {
    const told = tooOldNode(version);
    expect(told).toContain(`This is Node.js ${version}`);
    expect(told).toContain('20.19.0 or later');
    expect(told).toContain('https://nodejs.org');
  },
);

test('package.json asks for the same version', () => {
  const { engines } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));
  expect(`${engines.node}.0`).toBe(`>=${oldestNode}`);
});

test.each(['start', 'test'])('npm %s says so and ends with 1, before it loads anything else', (command) => {
  const pretend = `Object.defineProperty(process.versions, 'node', { value: '18.20.4' });`;
  const ended = spawnSync(
    process.execPath,
    [
      '--import',
      `data:text/javascript,${encodeURIComponent(pretend)}`,
      join(projectRoot, 'src/cli/setup', `${command}.mjs`),
    ],
    { encoding: 'utf8' },
  );
  expect(ended.stderr).toContain('This is Node.js 18.20.4');
  expect(ended.stdout).toBe('');
  expect(ended.status).toBe(1);
});
