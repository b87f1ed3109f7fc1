// The JavaScript of dist/ from src/: `node bundle.mjs ROOT`, a program of its own that build.mjs runs once the packages are
// there. What is imported together lies together, in some 80 files instead of 1,100: reading those one by one was
// most of what `import 'streambook'` took. What is imported lazily stays in files of its own.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { isMain } from './main.mjs';

/** What is reached by its path, besides what package.json names: in dist/, without the ending. */
export const innerEntries = [
  // Its own programs.
  'kernel/launcher',
  'kernel/transport/worker',
  // What the set-up and the bench call.
  'kernel/kernelspec',
  'kernel/client/index',
  // What the browser tests reach behind the front door.
  'core/display',
  'display/vega',
];

/**
 * @param {string} root
 * @returns {Record<string, string>} sources, by the name in dist/ without the ending
 */
function entriesOf(root) {
  const { exports, bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const outer = JSON.stringify([exports, bin]).matchAll(/"\.\/dist\/([^"]+)\.js"/g);
  const names = [...[...outer].map((found) => /** @type {string} */ (found[1])), ...innerEntries];
  return Object.fromEntries(names.map((name) => [name, join(root, 'src', `${name}.ts`)]));
}

/**
 * @param {string} root
 * @returns {Promise<string[]>} the files written, relative to dist/
 */
async function bundle(root) {
  const bundler = await rolldown({
    cwd: root,
    input: entriesOf(root),
    platform: 'node',
    tsconfig: join(root, 'tsconfig.json'),
    // Node's own and packages stay imports.
    external: (id) => /^[@a-z]/i.test(id) && !/^[a-z]:[\\/]/i.test(id),
    resolve: { extensionAlias: { '.js': ['.ts'] } },
    transform: { target: 'es2022' },
    // `sideEffects` in package.json speaks of dist/, not of src/.
    treeshake: { moduleSideEffects: true },
    onwarn(warning) {
      throw new Error(warning.message);
    },
  });
  const { output } = await bundler.write({
    dir: join(root, 'dist'),
    format: 'esm',
    sourcemap: true,
    entryFileNames: '[name].js',
    // Names without a hash, so that what runs while dist/ is built anew still finds what it imports lazily.
    chunkFileNames: 'chunks/[name].js',
    minifyInternalExports: false,
    // Errors and messages show the names of classes.
    keepNames: true,
  });
  await bundler.close();
  return output.map((file) => file.fileName);
}

if (isMain(import.meta.url)) {
  console.log(JSON.stringify(await bundle(/** @type {string} */ (process.argv[2]))));
}
