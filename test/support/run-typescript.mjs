// node test/support/run-typescript.mjs FILE.ts ARGUMENTS...: runs a TypeScript program without building it first.
import { register } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

process.setSourceMapsEnabled(true);
register('./typescript-hooks.mjs', import.meta.url);
const [file] = process.argv.splice(2, 1);
if (file === undefined) throw new Error('which file?');
await import(pathToFileURL(resolve(file)).href);
