import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeBlank } from '../../../src/cli/notebooks/blank.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'streambook-blank-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const code = (source: string, tags: string[] = []) => ({
  cell_type: 'code',
  execution_count: 7,
  id: source.slice(0, 4).replace(/\W/g, 'x'),
  metadata: { tags },
  outputs: [{ output_type: 'stream', name: 'stdout', text: 'the answer' }],
  source,
});

function blank(cells: object[]): { source: string; outputs: unknown[]; execution_count: number | null }[] {
  writeFileSync(join(folder, 'a.ipynb'), JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }));
  writeBlank(folder, join(folder, 'blank'), 'a.ipynb');
  const json = JSON.parse(readFileSync(join(folder, 'blank', 'a.ipynb'), 'utf8'));
  return json.cells.map((cell: { source: string[] }) => ({ ...cell, source: cell.source.join('') }));
}

test('what is typed in class is left out, but for how it begins', () => {
  const cells = blank([
    code(`import { show } from 'streambook';`),
    code(`// Count them.\nimport { x } from 'y';\n\nconst n = 1;\n// not this\n`, ['live']),
    code('const kept = 2;'),
    code('const gone = 3;', ['live']),
  ]);
  expect(cells.map((cell) => cell.source)).toEqual([
    `import { show } from 'streambook';`,
    `// Count them.\nimport { x } from 'y';\n`,
    'const kept = 2;',
    '',
  ]);
  for (const { outputs, execution_count } of cells) expect([outputs, execution_count]).toEqual([[], null]);
});

test('without tags all is typed in class, but for the first cell and the exercises', () => {
  const cells = blank([code('const first = 1;'), code('const two = 2;'), code('const three = 3;', ['exercise'])]);
  expect(cells.map((cell) => cell.source)).toEqual(['const first = 1;', '', 'const three = 3;']);
});

test('pictures are still found, other notebooks too', () => {
  const text = '![a](images/a.svg) [next](05-text.ipynb) [web](https://kafka.apache.org) [here](#top)';
  const [cell] = blank([{ cell_type: 'markdown', id: 'm', metadata: {}, source: [text] }]);
  expect(cell?.source).toBe(text.replace('images/', '../images/'));
});
