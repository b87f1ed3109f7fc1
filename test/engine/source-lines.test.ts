import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { writtenAt } from '../../src/engine/source-lines.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'streambook-source-lines-'));
  vi.stubGlobal('process', Object.create(process, { sourceMapsEnabled: { value: false } }));
});
afterEach(() => {
  vi.unstubAllGlobals();
  rmSync(folder, { recursive: true, force: true });
});

const SOURCE = `interface Order { price: number }

export const check = (order: Order): number => {
  if (order.price < 0) throw new Error('negative');
  return order.price;
};
`;

/** Compiles as a program's build would, and tells the file and where it throws. */
function compiled(inline: boolean): string {
  const source = join(folder, 'main.ts');
  writeFileSync(source, SOURCE);
  mkdirSync(join(folder, 'out'));
  const { outputText, sourceMapText } = ts.transpileModule(SOURCE, {
    fileName: inline ? 'main.ts' : '../main.ts',
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      sourceMap: !inline,
      inlineSourceMap: inline,
    },
  });
  const file = join(folder, inline ? 'main.js' : join('out', 'main.js'));
  writeFileSync(file, outputText);
  if (sourceMapText !== undefined) {
    writeFileSync(`${file}.map`, JSON.stringify({ ...JSON.parse(sourceMapText), sources: ['../main.ts'] }));
  }
  const lines = outputText.split('\n');
  const line = lines.findIndex((text) => text.includes('throw'));
  return `${pathToFileURL(file).href}:${line + 1}:${(lines[line] as string).indexOf('new Error') + 1}`;
}

test.each([false, true])('a place in a compiled file is that in its source (inline map: %s)', (inline) => {
  const place = compiled(inline);
  expect(place).not.toMatch(/main\.ts/);
  expect(writtenAt(place)).toBe(`${join(folder, 'main.ts')}:4:30`);
});

test('without a map, or without a file, it stays as it is', () => {
  const file = join(folder, 'plain.js');
  writeFileSync(file, 'throw 1;\n');
  const broken = join(folder, 'broken.js');
  writeFileSync(broken, 'throw 1;\n//# sourceMappingURL=broken.js.map\n');
  writeFileSync(`${broken}.map`, 'no map');
  for (const place of [
    `${file}:1:1`,
    `${broken}:1:1`,
    `${join(folder, 'gone.js')}:3:7`,
    '[5]:2:9',
    'cell 3',
    'evalmachine.<anonymous>:1:1',
  ]) {
    expect(writtenAt(place)).toBe(place);
  }
});
