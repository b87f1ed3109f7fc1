import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../../..', import.meta.url));
// Test files run side by side: each worker has a folder of its own.
const target = join(root, 'node_modules', '.cache', 'streambook-fault', process.env.VITEST_POOL_ID ?? '0');

/**
 * The program that is killed as plain JavaScript: starting it two hundred times must not compile it as often.
 *
 * @param name of the file: `program`, `sql-program`, `growing-program`
 */
export function compileProgram(name = 'program'): string {
  rmSync(target, { recursive: true, force: true });
  compileFolder(join(root, 'src'));
  compileFile(join(root, 'test', 'fault', 'support', `${name}.ts`));
  writeFileSync(join(target, 'package.json'), '{ "type": "module" }');
  return join(target, 'test', 'fault', 'support', `${name}.js`);
}

function compileFolder(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) compileFolder(path);
    else if (entry.name.endsWith('.ts')) compileFile(path);
  }
}

function compileFile(path: string): void {
  const { outputText } = ts.transpileModule(readFileSync(path, 'utf8'), {
    fileName: path,
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true },
  });
  const to = join(target, relative(root, path)).replace(/\.ts$/, '.js');
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(to, outputText);
}
