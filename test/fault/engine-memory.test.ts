import { spawnSync } from 'node:child_process';
import { beforeAll, expect, test } from 'vitest';
import { compileProgram } from './support/compile.js';

let program = '';
beforeAll(() => {
  program = compileProgram('growing-program');
});

test.each([
  ['keys', 'Visits'],
  ['list', 'Visits'],
  ['results', 'executeAndCollect()'],
])('memory that %s use up is warned of before it is used up', (what, who) => {
  const { status, signal, stderr } = spawnSync(process.execPath, ['--max-old-space-size=64', program, what], {
    encoding: 'utf8',
  });
  expect([status === 0, signal === null && status === null]).toEqual([false, false]);
  const warned = stderr.indexOf('% full');
  expect(stderr.slice(0, warned + 200)).toMatch(
    /the memory is \d+ % full \(\d+ of \d+ MiB\), and .* keeps [\d,]+ values\n {2}hint: /,
  );
  expect(stderr.slice(warned)).toContain(`and ${who} keeps`);
  expect(stderr.indexOf('heap out of memory')).toBeGreaterThan(warned);
});
